package dev.holdfast.sqlite;

import dev.holdfast.JobId;
import dev.holdfast.Lease;
import dev.holdfast.NodeId;
import dev.holdfast.jdbc.store.Bound;
import dev.holdfast.jdbc.store.Candidate;
import dev.holdfast.jdbc.store.Dialect;
import dev.holdfast.jdbc.store.JobLane;
import dev.holdfast.jdbc.store.Micros;
import dev.holdfast.jdbc.store.Place;
import dev.holdfast.jdbc.store.Row;
import dev.holdfast.jdbc.store.Session;
import dev.holdfast.jdbc.store.SortedJob;
import dev.holdfast.jdbc.store.Sql;
import dev.holdfast.spi.Claimed;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * Claims: the first jobs of one lane, of several that are merged, or of those that a limit lets
 * through.
 */
final class SqliteClaims {
  /** In claim order; the write lock is held, so that the rows stay as they are until the update. */
  private static final Sql NEXT_PENDING =
      Sql.of(
          """
          select j.number, j.id, j.type, j.attempt, j.max_attempts, j.crashes, j.token,
                 j.timeout_us, j.payload_version, p.payload, j.metadata
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

  private static final Sql FIRST_OF_LANE =
      Sql.of(
          """
          select number, rank, run_at, id from jobs indexed by jobs_pending
           where state = 'PENDING' and lane = :lane
             and not exists (select 1 from queues
                              where name = :queue
                                and (paused_at is not null or manual <> 0 or concurrency is not null
                                     or concurrency_per_group is not null
                                     or rate_limit is not null))
             and not exists (select 1 from type_limits where type = :type)
           order by rank, run_at, id
           limit :limit
          """);

  private static final Sql CANDIDATES =
      Sql.of(
          """
          select number, rank, run_at, id from jobs indexed by jobs_pending
           where state = 'PENDING' and lane = :lane
           order by rank, run_at, id
           limit :most
          """);

  private static final Sql CHOSEN =
      Sql.of(
          """
          select j.number, j.id, j.type, j.attempt, j.max_attempts, j.crashes, j.token,
                 j.timeout_us, j.payload_version, p.payload, j.metadata
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
      Sql.of("update jobs set lane = :lane where id = :id and state = 'PENDING'");

  private SqliteClaims() {}

  private record Numbered(long number, Claimed job) {}

  /** Ends a batch when it has become heavy: a node keeps all that it claims in memory. */
  private static final class PayloadBudget implements Predicate<Numbered> {
    private static final int CHARS = 8 << 20;
    private int left = CHARS;

    @Override
    public boolean test(Numbered head) {
      left -= head.job.payload().length() + head.job.metadata().map(String::length).orElse(0);
      return left <= 0;
    }
  }

  /** Leases the first jobs of some lanes, as {@link Dialect#claim} says. */
  static List<Claimed> claim(
      Session session, NodeId node, List<JobLane> lanes, int limit, long now) {
    String queue = lanes.get(0).queue();
    Bound query =
        lanes.size() == 1
            ? session
                .sql(NEXT_PENDING)
                .set("lane", lanes.get(0).id())
                .set("queue", queue)
                .set("type", lanes.get(0).type())
                .set("limit", limit)
            : session.sql(CHOSEN).set("numbers", merged(session, lanes, limit));
    List<Numbered> heads = query.listUntil(new PayloadBudget(), row -> head(row, queue, node));
    return lease(session, node, heads, now);
  }

  private static List<Claimed> lease(Session session, NodeId node, List<Numbered> heads, long now) {
    if (heads.isEmpty()) {
      return List.of();
    }
    String numbers = JsonNumbers.array(heads.stream().map(Numbered::number));
    int rows =
        session.sql(CLAIM).set("node", node).set("now", now).set("numbers", numbers).update();
    if (rows != heads.size()) {
      throw new IllegalStateException(
          "claiming %d jobs changed %d rows: a bug".formatted(heads.size(), rows));
    }
    return heads.stream().map(Numbered::job).toList();
  }

  /** The first jobs of some lanes, as {@link Dialect#candidates} says. */
  static List<Candidate> candidates(Session session, List<JobLane> lanes, int most) {
    return lanes.stream()
        .flatMap(lane -> candidates(session, lane, most).stream())
        .sorted()
        .toList();
  }

  private static List<Candidate> candidates(Session session, JobLane lane, int most) {
    return session
        .sql(CANDIDATES)
        .set("lane", lane.id())
        .set("most", most)
        .list(row -> candidate(row, lane));
  }

  private static Candidate candidate(Row row, JobLane lane) {
    Place place = new Place(row.number(2), row.number(3));
    return new Candidate(new JobId(row.id(4)), row.number(1), lane.id(), place);
  }

  /** Leases these jobs, as {@link Dialect#claimChosen} says. */
  static List<Claimed> chosen(
      Session session, NodeId node, String queue, List<Candidate> chosen, long now) {
    String numbers = JsonNumbers.array(chosen.stream().map(Candidate::number));
    List<Numbered> heads =
        session
            .sql(CHOSEN)
            .set("numbers", numbers)
            .listUntil(new PayloadBudget(), row -> head(row, queue, node));
    return lease(session, node, heads, now);
  }

  /** The numbers of the first jobs of several lanes. */
  private static String merged(Session session, List<JobLane> lanes, int limit) {
    return JsonNumbers.array(
        lanes.stream()
            .flatMap(lane -> firstOf(session, lane, limit).stream())
            .sorted()
            .limit(limit)
            .map(Candidate::number));
  }

  private static List<Candidate> firstOf(Session session, JobLane lane, int limit) {
    return session
        .sql(FIRST_OF_LANE)
        .set("lane", lane.id())
        .set("queue", lane.queue())
        .set("type", lane.type())
        .set("limit", limit)
        .list(row -> candidate(row, lane));
  }

  /** Moves jobs into their own lanes, as {@link Dialect#sortIn} says. */
  static void sortIn(Session session, List<SortedJob> jobs) {
    for (SortedJob job : jobs) {
      session.sql(SORT_IN).set("id", job.job()).set("lane", job.lane().id()).update();
    }
  }

  /** The row as it will be after the update. */
  private static Numbered head(Row row, String queue, NodeId node) {
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
            Optional.empty());
    return new Numbered(row.number(1), job);
  }
}
