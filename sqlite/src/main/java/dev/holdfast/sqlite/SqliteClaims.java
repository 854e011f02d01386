package dev.holdfast.sqlite;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.jdbc.dialect.AssignedJob;
import dev.holdfast.jdbc.dialect.Candidate;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.HeadsSeen;
import dev.holdfast.jdbc.dialect.JobLane;
import dev.holdfast.jdbc.dialect.LaneHead;
import dev.holdfast.jdbc.dialect.Place;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Json;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Lease;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * Claims jobs: the first ones of one lane, of several that are merged, or of those that a limit
 * lets through.
 */
final class SqliteClaims {
  /** Reads in claim order; the write lock is held, so the rows stay unchanged until the update. */
  private static final Sql NEXT_PENDING =
      Sql.of(
          """
          select j.number, j.id, j.type, j.attempt, j.max_attempts, j.crashes, j.token,
                 j.timeout_us, j.payload_version, p.payload, j.metadata, j.run_at
            from jobs j indexed by jobs_pending
           cross join job_payloads p on p.number = j.number
           where j.state = 'PENDING' and j.lane = :lane
             and not exists (select 1 from queues
                              where name = :queue
                                and (paused_at is not null or manual <> 0 or concurrency is not null
                                     or concurrency_per_group is not null
                                     or rate_limit is not null))
             and not exists (select 1 from type_limits where type = :type)
           order by j.rank, j.run_at, j.id
           limit :limit
          """);

  /** The first jobs of each of several lanes: {@link #NEXT_PENDING} for many queues at once. */
  private static final Sql NEXT_OF_EACH =
      Sql.of(
          """
          select j.number, j.id, j.type, j.attempt, j.max_attempts, j.crashes, j.token,
                 j.timeout_us, j.payload_version, p.payload, j.metadata, j.run_at, j.queue, j.lane,
                 j.rank
            from json_each(:lanes) lanes
           cross join jobs j
              on j.number in (select f.number from jobs f indexed by jobs_pending
                               where f.state = 'PENDING' and f.lane = lanes.value ->> 0
                               order by f.rank, f.run_at, f.id
                               limit :share)
           cross join job_payloads p on p.number = j.number
           where not exists (select 1 from queues
                              where name = lanes.value ->> 1
                                and (paused_at is not null or manual <> 0 or concurrency is not null
                                     or concurrency_per_group is not null
                                     or rate_limit is not null))
             and not exists (select 1 from type_limits where type = lanes.value ->> 2)
          """);

  /**
   * The first jobs of several lanes in claim order: of each lane the first one is in a queue that
   * is sorted, and one that is taken out lets the next one of its lane in.
   */
  private static final Sql MERGED =
      Sql.of(
          """
          with recursive merged (rank, run_at, id, lane, number) as (
            select j.rank, j.run_at, j.id, j.lane, j.number
              from json_each(:lanes) lanes
             cross join jobs j
                on j.number = (select f.number from jobs f indexed by jobs_pending
                                where f.state = 'PENDING' and f.lane = lanes.value
                                order by f.rank, f.run_at, f.id limit 1)
             where not exists (select 1 from type_limits where type = j.type)
               and not exists (select 1 from queues
                                where name = :queue
                                  and (paused_at is not null or manual <> 0
                                       or concurrency is not null
                                       or concurrency_per_group is not null
                                       or rate_limit is not null))
            union all
            select j.rank, j.run_at, j.id, j.lane, j.number
              from merged m
             cross join jobs j
                on j.number = (select n.number from jobs n indexed by jobs_pending
                                where n.state = 'PENDING' and n.lane = m.lane
                                  and (n.rank, n.run_at, n.id) > (m.rank, m.run_at, m.id)
                                order by n.rank, n.run_at, n.id limit 1)
             order by 1, 2, 3
             limit :limit)
          select number from merged
          """);

  /** The first jobs of each of several lanes. */
  private static final Sql CANDIDATES =
      Sql.of(
          """
          with recursive first (number, rank, run_at, id, lane, place) as (
            select j.number, j.rank, j.run_at, j.id, j.lane, 1
              from json_each(:lanes) lanes
             cross join jobs j
                on j.number = (select f.number from jobs f indexed by jobs_pending
                                where f.state = 'PENDING' and f.lane = lanes.value
                                order by f.rank, f.run_at, f.id limit 1)
            union all
            select j.number, j.rank, j.run_at, j.id, j.lane, p.place + 1
              from first p
             cross join jobs j
                on j.number = (select n.number from jobs n indexed by jobs_pending
                                where n.state = 'PENDING' and n.lane = p.lane
                                  and (n.rank, n.run_at, n.id) > (p.rank, p.run_at, p.id)
                                order by n.rank, n.run_at, n.id limit 1)
             where p.place < :most)
          select number, rank, run_at, id, lane from first
          """);

  /** The first places in lanes after a claim. */
  private static final Sql HEADS =
      Sql.of(
          """
          select j.lane, j.rank, j.run_at
            from json_each(:lanes) lanes
           cross join jobs j
              on j.number = (select f.number from jobs f indexed by jobs_pending
                              where f.state = 'PENDING' and f.lane = lanes.value
                              order by f.rank, f.run_at, f.id limit 1)
          """);

  private static final Sql CHOSEN =
      Sql.of(
          """
          select j.number, j.id, j.type, j.attempt, j.max_attempts, j.crashes, j.token,
                 j.timeout_us, j.payload_version, p.payload, j.metadata, j.run_at
            from json_each(:numbers) chosen
           cross join jobs j on j.number = chosen.value
           cross join job_payloads p on p.number = j.number
           order by j.rank, j.run_at, j.id
          """);

  private static final Sql CLAIM =
      Sql.of(
          """
          update jobs
             set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = :node,
                 started_at = :now, updated_at = :now
           where number in (select value from json_each(:numbers))
          """);

  private static final Sql SORT_IN =
      Sql.of(
          """
          update jobs set lane = sorted.lane
            from (select unhex(value ->> 0, '-') as id, value ->> 1 as lane
                    from json_each(:sorted)) as sorted
           where jobs.id = sorted.id and jobs.state || '' = 'PENDING'
          """);

  private final RowGaps gaps = new RowGaps();

  private record Numbered(long number, Claimed job) {}

  /** A job, and its place in the claim order of its lane, which SQLite does not keep here. */
  private record Placed(int lane, Place place, Numbered head) {
    private static final Comparator<Placed> IN_CLAIM_ORDER =
        Comparator.comparingInt(Placed::lane)
            .thenComparing(Placed::place)
            .thenComparing(placed -> placed.head.job.lease().job());
  }

  /** Ends a batch when it has become heavy: a node keeps all that it claims in memory. */
  private static final class PayloadBudget implements Predicate<Numbered> {
    private static final int CHARS = 8 << 20;
    private int left = CHARS;

    @Override
    public boolean test(Numbered head) {
      left -= head.job.payload().length() + head.job.metadata().map(String::length).orElse(0);
      return isSpent();
    }

    boolean isSpent() {
      return left <= 0;
    }
  }

  /** Leases the first jobs of some lanes; see {@link Dialect#claim}. */
  List<Claimed> claim(Tx tx, NodeId node, List<JobLane> lanes, int limit, HeadsSeen seen) {
    return lanes.size() == 1
        ? claimFrom(tx, node, lanes.get(0), limit, seen)
        : claimMerged(tx, node, lanes, limit, seen);
  }

  private List<Claimed> claimFrom(Tx tx, NodeId node, JobLane lane, int limit, HeadsSeen seen) {
    PayloadBudget budget = new PayloadBudget();
    List<Numbered> heads =
        tx.sql(NEXT_PENDING)
            .set("lane", lane.id())
            .set("queue", lane.queue())
            .set("type", lane.type())
            .set("limit", limit)
            .listUntil(budget, row -> head(row, lane.queue(), node, tx.now()));
    if (heads.isEmpty()) { // or a limit came over it
      see(seen, lane.id(), headsOf(tx, List.of(lane)).values().stream().findFirst());
    } else if (heads.size() < limit && !budget.isSpent()) {
      seen.none(lane.id());
    }
    return lease(tx, node, heads);
  }

  /** See {@link Dialect#share}. */
  int share(int jobs, int queues) {
    return gaps.share(jobs, queues);
  }

  private void learn(List<Numbered> heads) {
    long sum = 0;
    int count = 0;
    for (int i = 1; i < heads.size(); i++) {
      Numbered last = heads.get(i - 1);
      Numbered next = heads.get(i);
      if (next.job.queue().equals(last.job.queue())) {
        sum += Math.abs(next.number - last.number);
        count++;
      }
    }
    gaps.found(sum, count);
  }

  /** Leases the first jobs of each of some lanes; see {@link Dialect#claimEach}. */
  List<Claimed> claimEach(Tx tx, NodeId node, List<JobLane> lanes, int share, HeadsSeen seen) {
    PayloadBudget budget = new PayloadBudget();
    Map<Long, Integer> found = new HashMap<>();
    List<Placed> placed =
        tx.sql(NEXT_OF_EACH)
            .set("lanes", named(lanes))
            .set("share", share)
            .listUntil(
                next -> budget.test(next.head),
                row -> {
                  found.merge(row.number(14), 1, Integer::sum);
                  Place place = new Place(row.number(15), row.number(12));
                  return new Placed(found.size(), place, head(row, row.text(13), node, tx.now()));
                });
    List<Numbered> heads = placed.stream().sorted(Placed.IN_CLAIM_ORDER).map(Placed::head).toList();
    if (!budget.isSpent()) {
      found.entrySet().stream()
          .filter(lane -> lane.getValue() < share)
          .forEach(lane -> seen.none(lane.getKey()));
      List<JobLane> empty = lanes.stream().filter(lane -> !found.containsKey(lane.id())).toList();
      if (!empty.isEmpty()) { // or a limit came over them
        Map<Long, Place> first = headsOf(tx, empty);
        empty.forEach(lane -> see(seen, lane.id(), Optional.ofNullable(first.get(lane.id()))));
      }
    }
    return lease(tx, node, heads);
  }

  private List<Claimed> claimMerged(
      Tx tx, NodeId node, List<JobLane> lanes, int limit, HeadsSeen seen) {
    String queue = lanes.get(0).queue();
    List<Long> numbers =
        tx.sql(MERGED)
            .set("lanes", ids(lanes))
            .set("queue", queue)
            .set("limit", limit)
            .list(row -> row.number(1));
    List<Claimed> claimed = take(tx, node, queue, numbers);
    Map<Long, Place> left = headsOf(tx, lanes);
    lanes.forEach(lane -> see(seen, lane.id(), Optional.ofNullable(left.get(lane.id()))));
    return claimed;
  }

  private static Map<Long, Place> headsOf(Session session, List<JobLane> lanes) {
    Map<Long, Place> heads = new HashMap<>();
    session
        .sql(HEADS)
        .set("lanes", ids(lanes))
        .list(row -> new LaneHead(row.number(1), new Place(row.number(2), row.number(3))))
        .forEach(head -> heads.put(head.lane(), head.place()));
    return heads;
  }

  private static void see(HeadsSeen seen, long lane, Optional<Place> first) {
    first.ifPresent(place -> seen.first(lane, place));
    if (first.isEmpty()) {
      seen.none(lane);
    }
  }

  private static String ids(List<JobLane> lanes) {
    return JsonNumbers.array(lanes.stream().map(JobLane::id));
  }

  /** Each lane with its queue and type, as JSON. */
  private static String named(List<JobLane> lanes) {
    return Json.write(
        lanes.stream().map(lane -> List.of(lane.id(), lane.queue(), lane.type())).toList());
  }

  private List<Claimed> take(Tx tx, NodeId node, String queue, List<Long> numbers) {
    List<Numbered> heads =
        tx.sql(CHOSEN)
            .set("numbers", JsonNumbers.array(numbers.stream()))
            .listUntil(new PayloadBudget(), row -> head(row, queue, node, tx.now()));
    return lease(tx, node, heads);
  }

  private List<Claimed> lease(Tx tx, NodeId node, List<Numbered> heads) {
    if (heads.isEmpty()) {
      return List.of();
    }
    String numbers = JsonNumbers.array(heads.stream().map(Numbered::number));
    int rows =
        tx.sql(CLAIM).set("node", node).set("now", tx.now()).set("numbers", numbers).update();
    learn(heads);
    if (rows != heads.size()) {
      throw new IllegalStateException(
          "claiming %d jobs changed %d rows: a bug".formatted(heads.size(), rows));
    }
    return heads.stream().map(Numbered::job).toList();
  }

  /** The first jobs of some lanes; see {@link Dialect#candidates}. */
  static List<Candidate> candidates(
      Session session, List<JobLane> lanes, int most, HeadsSeen seen) {
    List<Candidate> all =
        session
            .sql(CANDIDATES)
            .set("lanes", ids(lanes))
            .set("most", most)
            .list(SqliteClaims::candidate)
            .stream()
            .sorted()
            .toList();
    Map<Long, Place> first = new HashMap<>();
    all.forEach(candidate -> first.putIfAbsent(candidate.lane(), candidate.place()));
    lanes.forEach(lane -> see(seen, lane.id(), Optional.ofNullable(first.get(lane.id()))));
    return all;
  }

  private static Candidate candidate(Row row) {
    Place place = new Place(row.number(2), row.number(3));
    return new Candidate(new JobId(row.id(4)), row.number(1), row.number(5), place);
  }

  /** Leases these jobs; see {@link Dialect#claimChosen}. */
  List<Claimed> chosen(Tx tx, NodeId node, String queue, List<Candidate> chosen) {
    return take(tx, node, queue, chosen.stream().map(Candidate::number).toList());
  }

  /** Moves jobs into their own lanes; see {@link Dialect#sortIn}. */
  static void sortIn(Tx tx, List<AssignedJob> jobs) {
    if (!jobs.isEmpty()) {
      String sorted =
          jobs.stream()
              .map(job -> "[\"%s\",%d]".formatted(job.job().value(), job.lane().id()))
              .collect(Collectors.joining(",", "[", "]"));
      tx.sql(SORT_IN).set("sorted", sorted).update();
    }
  }

  /** The row as it will be after the update. */
  private static Numbered head(Row row, String queue, NodeId node, long now) {
    Lease lease = new Lease(new JobId(row.id(2)), row.number(7) + 1, row.count(4) + 1, node);
    Claimed job =
        new Claimed(
            lease,
            queue,
            row.text(3),
            row.text(10),
            row.count(9),
            row.count(5),
            row.count(6),
            row.maybeNumber(8).map(Micros::toDuration),
            row.maybeText(11),
            Optional.empty(),
            false,
            Micros.toDuration(Math.max(0, now - row.number(12))));
    return new Numbered(row.number(1), job);
  }
}
