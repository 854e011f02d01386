package dev.holdfast.jdbc.store;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueStatus.Waiting;
import dev.holdfast.jdbc.search.JobRows;
import dev.holdfast.jdbc.search.Reads;
import dev.holdfast.jdbc.series.JobCount;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The queue's health, each figure by the cheapest index that knows it. */
final class Health {
  private static final String ALL = "ALL";

  /** One statement, so that a job that changes meanwhile is counted once, and not in no state. */
  private static final Sql COUNTS =
      Sql.of(
          """
          select 'ALL', count(*) from (select 1 from jobs limit :most) as first_ones
          union all
          select 'PENDING', count(*) from jobs where state = 'PENDING'
          union all
          select 'SCHEDULED', count(*) from jobs where state = 'SCHEDULED'
          union all
          select 'RUNNING', count(*) from jobs where state = 'RUNNING'
          union all
          select 'BLOCKED', count(*) from jobs where state = 'BLOCKED'
          union all
          select state, count(*) from jobs
           where (state = 'FAILED' or state = 'INTERRUPTED' or state = 'CANCELLED')
             and state > ''
           group by state
          """);

  private static final Sql STUCK =
      Sql.of("select count(*) from jobs where state = 'RUNNING' and started_at < :before");

  private static final Sql ORPHANED =
      Sql.of(
          """
          select count(*) from jobs
           where state = 'RUNNING'
             and not exists (select 1 from nodes n
                              where n.id = jobs.node and n.ended_at is null
                                and n.lease_until >= :now)
          """);

  /** The head of the next lane and rank, of which the first row has waited longest. */
  private static final Sql NEXT_HEAD =
      Sql.of(
          """
          select lane, rank, run_at, id from jobs
           where state = 'PENDING' and (lane, rank) > (:lane, :rank)
           order by lane, rank, run_at, id limit 1
          """);

  private static final Sql NEWEST = Sql.of("select * from job_rows order by id desc limit 1");

  private static final Sql ACTIVE =
      Sql.of("select * from job_rows where state = 'RUNNING' order by started_at limit 20");

  private static final Sql WAITING =
      Sql.of(
          """
          select queue, type, count(*) from
            (select queue, type from jobs where state = 'PENDING' limit :limit) as first_ones
           group by queue, type order by queue, type
          """);

  private static final Sql OVERDUE =
      Sql.of(
          """
          select name, next_slot from schedules
           where paused_at is null and next_slot < :before order by next_slot, name limit 20
          """);

  private static final Sql RAISED =
      Sql.of(
          """
          select name, raised_at, value from alerts
           where raised_at is not null order by raised_at, name limit 20
          """);

  private static final Sql PAUSED =
      Sql.of("select name from queues where paused_at is not null order by name limit 20");

  private static final Sql MUTED =
      Sql.of(
          """
          select count(*) from jobs
           where state = 'FAILED'
             and fingerprint in (select fingerprint from failure_mutes
                                  where until is null or until > :now)
          """);

  private static final Sql RECOVERIES =
      Sql.of(
          """
          select count(*), coalesce(sum(resumed + held + failed + returned + crash_loops), 0), max(at)
            from recoveries where at >= :since
          """);

  private static final Sql STARTS = Sql.of("select count(*) from nodes where started_at >= :since");

  private static final long DAY = Micros.of(Duration.ofDays(1));
  private static final int HEADS_MAX = 1_000;

  private Health() {}

  static QueueStatus status(
      Session session, Duration stuckAfter, long now, QueueStatus.Database database) {
    return new QueueStatus(
        counts(session),
        stuckAfter,
        session.sql(STUCK).set("before", now - Micros.of(stuckAfter)).number(),
        session.sql(ORPHANED).set("now", now).number(),
        oldestPending(session),
        session.sql(NEWEST).first(JobRows::job),
        session.sql(ACTIVE).list(JobRows::job),
        session
            .sql(WAITING)
            .set("limit", QueueStatus.WAITING_LOOKED_AT)
            .list(row -> new Waiting(row.text(1), row.text(2), row.number(3))),
        NodeRows.living(session, now),
        session
            .sql(OVERDUE)
            .set("before", now - Micros.of(QueueStatus.OVERDUE_AFTER))
            .list(row -> new QueueStatus.Overdue(row.text(1), Micros.toInstant(row.number(2)))),
        session
            .sql(RAISED)
            .list(
                row ->
                    new QueueStatus.Raised(
                        row.text(1), Micros.toInstant(row.number(2)), row.maybeNumber(3))),
        session.sql(MUTED).set("now", now).number(),
        new QueueStatus.OnHold(
            Reviews.countOpen(session), session.sql(PAUSED).list(row -> row.text(1))),
        recent(session, now - DAY),
        database);
  }

  /** The completed are those that are nothing else: no index is kept for them. */
  private static Map<JobState, Long> counts(Session session) {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      counts.put(state, 0L);
    }
    Map<String, Long> found = new HashMap<>();
    session
        .sql(COUNTS)
        .set("most", JobCount.FEW_MAX)
        .list(row -> found.put(row.text(1), row.number(2)));
    long first = found.getOrDefault(ALL, 0L);
    found.remove(ALL);
    long all = first < JobCount.FEW_MAX ? first : Math.max(first, JobCount.last(session));
    found.forEach((state, count) -> counts.put(JobState.valueOf(state), count));
    long others = found.values().stream().mapToLong(Long::longValue).sum();
    counts.put(JobState.COMPLETED, Math.max(0, all - others));
    return counts;
  }

  private static QueueStatus.Recent recent(Session session, long since) {
    long starts = session.sql(STARTS).set("since", since).number();
    return session
        .sql(RECOVERIES)
        .set("since", since)
        .first(
            row ->
                new QueueStatus.Recent(
                    row.number(1),
                    row.number(2),
                    row.maybeNumber(3).map(Micros::toInstant),
                    starts))
        .orElseThrow();
  }

  private record Head(long lane, long rank, long runAt, JobId id) {}

  private static Optional<Job> oldestPending(Session session) {
    Optional<Head> oldest = Optional.empty();
    Head head = new Head(-1, Long.MIN_VALUE, 0, new JobId(new UUID(0, 0)));
    for (int i = 0; i < HEADS_MAX; i++) {
      Optional<Head> next =
          session
              .sql(NEXT_HEAD)
              .set("lane", head.lane)
              .set("rank", head.rank)
              .first(
                  row ->
                      new Head(row.number(1), row.number(2), row.number(3), new JobId(row.id(4))));
      if (next.isEmpty()) {
        break;
      }
      head = next.get();
      if (oldest.isEmpty() || head.runAt < oldest.get().runAt) {
        oldest = next;
      }
    }
    return oldest.flatMap(found -> Reads.find(session, found.id));
  }
}
