package dev.holdfast.postgres;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.jdbc.dialect.AssignedJob;
import dev.holdfast.jdbc.dialect.Candidate;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.HeadsSeen;
import dev.holdfast.jdbc.dialect.JobLane;
import dev.holdfast.jdbc.dialect.Place;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.postgres.Marks.Look;
import dev.holdfast.postgres.Marks.Mark;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Lease;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Claims jobs: the first ones of one lane, of several that are merged, or those that a limit
 * allows. Each read starts at the low-water mark of its lane and moves it forward.
 */
final class PostgresClaims {
  /**
   * The head is the first job that this snapshot sees pending, locked or not: no later claim needs
   * to look before it. Jobs that others are just claiming are skipped, not waited for. A queue that
   * is paused or under a limit has no head: those are claimed in another way.
   */
  private static final Sql CLAIM =
      Sql.of(
          """
          with head as materialized (
            select rank, run_at, id from jobs
             where state = 'PENDING' and lane = :lane
               and (rank, run_at, id) >= (:rank, :run_at, :id)
               and not exists (select 1 from queues
                                where name = :queue
                                  and (paused_at is not null or manual <> 0
                                       or concurrency is not null
                                       or concurrency_per_group is not null
                                       or rate_limit is not null))
               and not exists (select 1 from type_limits where type = :type)
             order by rank, run_at, id
             limit 1),
          claimed as (
            update jobs
               set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = :node,
                   started_at = :now, updated_at = :now
             where id = any (array(
                     select id from jobs
                      where state = 'PENDING' and lane = :lane
                        and (rank, run_at, id) >=
                            ((select rank from head), (select run_at from head), (select id from head))
                      order by rank, run_at, id
                      limit :limit
                      for no key update skip locked))
            returning id, type, payload, payload_version, attempt, max_attempts, crashes, token,
                      timeout_us, rank, run_at, metadata)
          select c.id, c.type, c.payload, c.payload_version, c.attempt, c.max_attempts, c.crashes,
                 c.token, c.timeout_us, c.rank, c.run_at, c.metadata, h.rank, h.run_at, h.id
            from head h left join claimed c on true
          """);

  /**
   * Claims from several lanes, whose first jobs are merged. A job may have left its lane since it
   * was read, so that is checked again under its lock.
   */
  private static final Sql CLAIM_MERGED =
      Sql.of(
          """
          with seen as materialized (
            select first.lane, first.rank, first.run_at, first.id
              from unnest(:lanes::bigint[], :ranks::bigint[], :due::bigint[], :ids::uuid[])
                     as known (lane, rank, run_at, id)
             cross join lateral (
                     select j.lane, j.rank, j.run_at, j.id from jobs j
                      where j.state = 'PENDING' and j.lane = known.lane
                        and (j.rank, j.run_at, j.id) >= (known.rank, known.run_at, known.id)
                      order by j.rank, j.run_at, j.id
                      limit :window) first
             where not exists (select 1 from queues
                                where name = :queue
                                  and (paused_at is not null or manual <> 0
                                       or concurrency is not null
                                       or concurrency_per_group is not null
                                       or rate_limit is not null))
               and not exists (select 1 from type_limits where type = any (:types::text[]))),
          heads as (
            select distinct on (lane) lane, rank, run_at, id from seen
             order by lane, rank, run_at, id),
          claimed as (
            update jobs
               set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = :node,
                   started_at = :now, updated_at = :now
             where id = any (array(
                     select id from jobs
                      where id = any (array(select id from seen
                                             order by rank, run_at, id limit :window))
                        and state || '' = 'PENDING' and lane = any (:lanes::bigint[])
                      order by rank, run_at, id
                      limit :limit
                      for no key update skip locked))
            returning id, type, payload, payload_version, attempt, max_attempts, crashes, token,
                      timeout_us, rank, run_at, metadata, lane)
          select c.id, c.type, c.payload, c.payload_version, c.attempt, c.max_attempts, c.crashes,
                 c.token, c.timeout_us, c.rank, c.run_at, c.metadata, h.rank, h.run_at,
                 h.id, h.lane,
                 (select count(*) from seen)
            from heads h left join claimed c on c.lane = h.lane
          """);

  private static final Sql CANDIDATES =
      Sql.of(
          """
          select first.id, first.lane, first.rank, first.run_at
            from unnest(:lanes::bigint[], :ranks::bigint[], :due::bigint[], :ids::uuid[])
                   as known (lane, rank, run_at, id)
           cross join lateral (
                   select j.lane, j.rank, j.run_at, j.id from jobs j
                    where j.state = 'PENDING' and j.lane = known.lane
                      and (j.rank, j.run_at, j.id) >= (known.rank, known.run_at, known.id)
                    order by j.rank, j.run_at, j.id
                    limit :most) first
          """);

  /** Other claims wait for the limit's row; only an operator's action can come in between. */
  private static final Sql CLAIM_CHOSEN =
      Sql.of(
          """
          update jobs
             set state = 'RUNNING', attempt = attempt + 1, token = token + 1, node = :node,
                 started_at = :now, updated_at = :now
           where id = any (array(
                   select id from jobs
                    where id = any (:ids::uuid[]) and lane = any (:lanes::bigint[])
                      and state || '' = 'PENDING'
                    order by id
                    for no key update skip locked))
          returning id, type, payload, payload_version, attempt, max_attempts, crashes, token,
                    timeout_us, rank, run_at, metadata
          """);

  private static final Sql SORT_IN =
      Sql.of(
          """
          update jobs set lane = sorted.lane
            from unnest(:ids::uuid[], :lanes::bigint[]) as sorted (id, lane)
           where jobs.id = any (:ids::uuid[]) and jobs.id = sorted.id
             and jobs.lane = :from_lane and jobs.state || '' = 'PENDING'
          """);

  private static final int WINDOW_GROWTH = 4;
  private static final int WINDOW_MAX = 10_000;

  /** A row of a claim: always the head, and a job unless others held all. */
  private record Found(Mark head, Optional<Positioned> job) {}

  private record Positioned(Place place, Claimed job) {}

  private static final Comparator<Positioned> IN_CLAIM_ORDER =
      Comparator.comparing(Positioned::place).thenComparing(found -> found.job.lease().job());

  private final Marks marks;
  private final BusyLanes busy;
  private final PayloadSizes sizes = new PayloadSizes();

  PostgresClaims(Marks marks, BusyLanes busy) {
    this.marks = marks;
    this.busy = busy;
  }

  /** Leases the first jobs of some lanes; see {@link Dialect#claim}. */
  List<Claimed> claim(Tx tx, NodeId node, List<JobLane> lanes, int limit, HeadsSeen seen) {
    List<Claimed> jobs = new ArrayList<>();
    PayloadSizes.Budget budget = sizes.budget();
    while (jobs.size() < limit && !budget.isSpent()) {
      int portion = sizes.atMost(limit - jobs.size());
      List<Claimed> more =
          lanes.size() == 1
              ? claimPortion(tx, node, lanes.get(0), portion, seen)
              : claimMerged(tx, node, lanes, portion, seen);
      jobs.addAll(more);
      budget.spend(more);
      if (more.size() < portion) {
        break;
      }
    }
    return jobs;
  }

  private List<Claimed> claimPortion(Tx tx, NodeId node, JobLane lane, int limit, HeadsSeen seen) {
    Look look = marks.begin(lane.id());
    Optional<Mark> head = Optional.empty();
    try {
      List<Found> rows =
          tx.sql(CLAIM)
              .set("lane", lane.id())
              .set("queue", lane.queue())
              .set("type", lane.type())
              .set("rank", look.mark().rank())
              .set("run_at", look.mark().runAt())
              .set("id", new JobId(look.mark().id()))
              .set("node", node)
              .set("now", tx.now())
              .set("limit", limit)
              .list(row -> found(row, lane.queue(), node, tx.now()));
      head = rows.stream().map(Found::head).findFirst();
      List<Claimed> claimed = inOrder(rows);
      if (claimed.isEmpty() && head.isPresent()) { // others hold it, or a limit came over it
        seen.first(lane.id(), head.get().place());
      } else if (claimed.size() < limit) {
        seen.none(lane.id());
      }
      return claimed;
    } finally {
      marks.end(look, head);
    }
  }

  private static List<Claimed> inOrder(List<Found> rows) {
    return rows.stream()
        .flatMap(found -> found.job.stream())
        .sorted(IN_CLAIM_ORDER)
        .map(Positioned::job)
        .toList();
  }

  /** Reads more if others may be claiming all that was seen. */
  private List<Claimed> claimMerged(
      Tx tx, NodeId node, List<JobLane> lanes, int limit, HeadsSeen seen) {
    for (int window = 2 * limit; ; window *= WINDOW_GROWTH) {
      Merged merged = claimMerged(tx, node, lanes, limit, window, seen);
      boolean mayBeMore = merged.seen >= window && window < WINDOW_MAX;
      if (merged.claimed.size() == limit || !mayBeMore || !merged.claimed.isEmpty()) {
        return merged.claimed;
      }
    }
  }

  /**
   * @param seen how many jobs there were to choose from
   */
  private record Merged(List<Claimed> claimed, long seen) {}

  private Merged claimMerged(
      Tx tx, NodeId node, List<JobLane> lanes, int limit, int window, HeadsSeen seen) {
    try (Looks looks = new Looks(lanes)) {
      String queue = lanes.get(0).queue();
      List<Long> counts = new ArrayList<>();
      List<Found> rows =
          looks
              .sql(tx, CLAIM_MERGED)
              .set("queue", queue)
              .set("types", Columns.textArray(tx, lanes.stream().map(JobLane::type).toList()))
              .set("window", window)
              .set("node", node)
              .set("now", tx.now())
              .set("limit", limit)
              .list(
                  row -> {
                    Found found = found(row, queue, node, tx.now());
                    looks.sawFirst(row.number(16), found.head);
                    counts.add(row.number(17));
                    return found;
                  });
      looks.sawAll(seen);
      return new Merged(inOrder(rows), counts.isEmpty() ? 0 : counts.get(0));
    }
  }

  /** The first jobs of some lanes; see {@link Dialect#candidates}. */
  List<Candidate> candidates(Session session, List<JobLane> lanes, int most, HeadsSeen seen) {
    try (Looks looks = new Looks(lanes)) {
      List<Candidate> candidates =
          new ArrayList<>(
              looks.sql(session, CANDIDATES).set("most", most).list(PostgresClaims::candidate));
      Collections.sort(candidates);
      for (Candidate found : candidates) {
        Place place = found.place();
        looks.sawFirst(found.lane(), new Mark(place.rank(), place.runAt(), found.job().value()));
      }
      looks.sawAll(seen);
      return candidates;
    }
  }

  private static Candidate candidate(Row row) {
    Place place = new Place(row.number(3), row.number(4));
    return new Candidate(new JobId(row.id(1)), 0, row.number(2), place);
  }

  /** One statement's read of several lanes. */
  private final class Looks implements AutoCloseable {
    private final List<Look> looks;
    private final Map<Long, Mark> heads = new HashMap<>();

    private Looks(List<JobLane> lanes) {
      this.looks = lanes.stream().map(lane -> marks.begin(lane.id())).toList();
    }

    /** A statement with the position to start from. */
    private Bound sql(Session session, Sql statement) {
      Columns<Look> columns = new Columns<>(session, looks);
      return session
          .sql(statement)
          .set("lanes", columns.numbers(Look::lane))
          .set("ranks", columns.numbers(look -> look.mark().rank()))
          .set("due", columns.numbers(look -> look.mark().runAt()))
          .set("ids", columns.ids(look -> look.mark().id()));
    }

    /** Records the head of a lane. */
    private void sawFirst(long lane, Mark head) {
      heads.putIfAbsent(lane, head);
    }

    /** Lanes in which nothing was seen are empty. */
    private void sawAll(HeadsSeen seen) {
      for (Look look : looks) {
        Optional<Mark> head = Optional.ofNullable(heads.get(look.lane()));
        head.ifPresent(first -> seen.first(look.lane(), first.place()));
        if (head.isEmpty()) {
          seen.none(look.lane());
        }
      }
    }

    @Override
    public void close() {
      looks.forEach(look -> marks.end(look, Optional.ofNullable(heads.get(look.lane()))));
    }
  }

  /** Leases these jobs; see {@link Dialect#claimChosen}. */
  List<Claimed> chosen(Tx tx, NodeId node, String queue, List<Candidate> chosen) {
    Columns<Candidate> columns = new Columns<>(tx, chosen);
    return tx
        .sql(CLAIM_CHOSEN)
        .set("ids", columns.ids(candidate -> candidate.job().value()))
        .set("lanes", columns.numbers(Candidate::lane))
        .set("node", node)
        .set("now", tx.now())
        .list(row -> positioned(row, new JobId(row.id(1)), queue, node, tx.now()))
        .stream()
        .sorted(IN_CLAIM_ORDER)
        .map(Positioned::job)
        .toList();
  }

  /** Moves jobs into their own lanes; see {@link Dialect#sortIn}. */
  void sortIn(Tx tx, long from, List<AssignedJob> jobs) {
    if (jobs.isEmpty()) {
      return;
    }
    Columns<AssignedJob> columns = new Columns<>(tx, jobs);
    tx.sql(SORT_IN)
        .set("ids", columns.ids(job -> job.job().value()))
        .set("lanes", columns.numbers(job -> job.lane().id()))
        .set("from_lane", from)
        .update();
    Map<Long, Place> arrivals = new HashMap<>();
    jobs.forEach(job -> arrivals.merge(job.lane().id(), job.place(), Place::first));
    marks.arrived(arrivals);
    busy.arrived(arrivals);
  }

  private static Found found(Row row, String queue, NodeId node, long now) {
    Mark head = new Mark(row.number(13), row.number(14), row.id(15));
    return new Found(
        head, row.maybeId(1).map(id -> positioned(row, new JobId(id), queue, node, now)));
  }

  private static Positioned positioned(Row row, JobId id, String queue, NodeId node, long now) {
    Claimed job =
        new Claimed(
            new Lease(id, row.number(8), row.count(5), node),
            queue,
            row.text(2),
            row.text(3),
            row.count(4),
            row.count(6),
            row.count(7),
            row.maybeNumber(9).map(Micros::toDuration),
            row.maybeText(12),
            Optional.empty(),
            false,
            Micros.toDuration(Math.max(0, now - row.number(11))));
    return new Positioned(new Place(row.number(10), row.number(11)), job);
  }
}
