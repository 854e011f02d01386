package dev.holdfast.jdbc.store;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueStatus.Waiting;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** The queue's health, each figure by the cheapest index that knows it. */
final class Health {
  private static final Sql ALL = Sql.of("select count(*) from jobs");
  private static final Sql PENDING = Sql.of("select count(*) from jobs where state = 'PENDING'");
  private static final Sql SCHEDULED =
      Sql.of("select count(*) from jobs where state = 'SCHEDULED'");
  private static final Sql RUNNING = Sql.of("select count(*) from jobs where state = 'RUNNING'");
  private static final Sql BLOCKED = Sql.of("select count(*) from jobs where state = 'BLOCKED'");

  private static final Sql SET_ASIDE =
      Sql.of(
          """
          select state, count(*) from jobs
           where state in ('FAILED', 'INTERRUPTED', 'CANCELLED') group by state
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

  /** The head of the next line: each lane and rank is one, and its first row has waited longest. */
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

  private static final Duration STUCK_AFTER = Duration.ofMinutes(30);
  private static final int HEADS_MAX = 1_000;

  private Health() {}

  static QueueStatus status(Session session, long now, QueueStatus.Database database) {
    return new QueueStatus(
        counts(session),
        session.sql(STUCK).set("before", now - Micros.of(STUCK_AFTER)).number(),
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
        database);
  }

  /** The completed are those that are nothing else: no index is kept for them. */
  private static Map<JobState, Long> counts(Session session) {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      counts.put(state, 0L);
    }
    counts.put(JobState.PENDING, session.sql(PENDING).number());
    counts.put(JobState.SCHEDULED, session.sql(SCHEDULED).number());
    counts.put(JobState.RUNNING, session.sql(RUNNING).number());
    counts.put(JobState.BLOCKED, session.sql(BLOCKED).number());
    session.sql(SET_ASIDE).list(row -> counts.put(JobState.valueOf(row.text(1)), row.number(2)));
    long others = counts.values().stream().mapToLong(Long::longValue).sum();
    counts.put(JobState.COMPLETED, session.sql(ALL).number() - others);
    return counts;
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
