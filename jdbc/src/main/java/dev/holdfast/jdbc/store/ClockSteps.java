package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Sql;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Keeps a clock that was set back from delaying retries and the time-outs of signals. Their times
 * were counted from a moment that is in the future now, so they are counted again from now. Looked
 * for by each process when it begins, and when it sees the clock go back.
 *
 * <p>A job that was never claimed stands at a time that its caller may have chosen, and keeps it.
 */
final class ClockSteps {
  private static final long STEP_MICROS = Micros.of(Duration.ofSeconds(1)); // clocks are adjusted

  private static final int LOOKED_AT = 10_000; // to a statement; the next one goes on behind them

  private static final Sql SCHEDULED =
      Sql.of(
          """
          select run_at, id, updated_at, case when token > 0 then 1 else 0 end from jobs
           where state = 'SCHEDULED' and (run_at, id) > (:at, :id)
           order by run_at, id limit :limit
          """);

  private static final Sql AWAITING =
      Sql.of(
          """
          select s.awaited_until, s.job_id, j.updated_at,
                 case when j.state = 'BLOCKED' then 1 else 0 end
            from job_signals s join jobs j on j.id = s.job_id
           where s.awaited_until is not null and (s.awaited_until, s.job_id) > (:at, :id)
           order by s.awaited_until, s.job_id limit :limit
          """);

  private static final Sql RETRY_FROM_NOW =
      Sql.of(
          """
          update jobs set run_at = :now + (run_at - updated_at), updated_at = :now
           where id = :id and state || '' = 'SCHEDULED' and token > 0 and updated_at > :after
          """);

  private static final Sql AWAIT_FROM_NOW =
      Sql.of(
          """
          update job_signals
             set awaited_until = :now + (awaited_until
                                         - (select updated_at from jobs where id = :id))
           where job_id = :id and awaited_until is not null
             and exists (select 1 from jobs
                          where id = :id and state || '' = 'BLOCKED' and updated_at > :after)
          """);

  /** Before the job's own times are counted again. */
  private static final Sql STEP_FROM_NOW =
      Sql.of(
          """
          update job_steps
             set until = :now + (until - (select updated_at from jobs where id = :id))
           where job_id = :id and finished_at is null and until is not null
             and exists (select 1 from jobs
                          where id = :id and state in ('SCHEDULED', 'BLOCKED')
                            and token > 0 and updated_at > :after)
          """);

  private static final Sql BLOCKED_FROM_NOW =
      Sql.of(
          """
          update jobs set updated_at = :now
           where id = :id and state || '' = 'BLOCKED' and updated_at > :after
          """);

  private final Database database;
  private final Dialect dialect;
  private final AtomicLong newest = new AtomicLong(Long.MAX_VALUE); // that this process has seen

  ClockSteps(Database database, Dialect dialect) {
    this.database = database;
    this.dialect = dialect;
  }

  /** Counts times again if the clock went back since the last call, and on the first one. */
  void countAgain() {
    long now = database.now();
    long last = newest.getAndSet(now);
    if (now < last - STEP_MICROS) {
      countAgain(SCHEDULED, List.of(STEP_FROM_NOW, RETRY_FROM_NOW), now + STEP_MICROS);
      countAgain(
          AWAITING, List.of(STEP_FROM_NOW, AWAIT_FROM_NOW, BLOCKED_FROM_NOW), now + STEP_MICROS);
    }
  }

  /** A job that waits, until when, and since when; and whether that time was a delay. */
  private record Waiting(long until, JobId id, long since, boolean isDelay) {
    private static final Waiting BEFORE_ALL =
        new Waiting(Long.MIN_VALUE, new JobId(new UUID(0, 0)), 0, false);

    private static Waiting of(Row row) {
      return new Waiting(row.number(1), new JobId(row.id(2)), row.number(3), row.number(4) == 1);
    }
  }

  private void countAgain(Sql query, List<Sql> updates, long after) {
    Optional<Waiting> last = Optional.of(Waiting.BEFORE_ALL);
    while (last.isPresent()) {
      List<Waiting> next = behind(query, last.get());
      List<JobId> jobs =
          next.stream()
              .filter(job -> job.isDelay && job.since > after)
              .map(Waiting::id)
              .sorted()
              .toList();
      if (!jobs.isEmpty() && !countAgain(jobs, updates)) {
        newest.set(Long.MAX_VALUE); // others hold some: the next call looks again
      }
      last = next.size() < LOOKED_AT ? Optional.empty() : Optional.of(next.get(LOOKED_AT - 1));
    }
  }

  private List<Waiting> behind(Sql query, Waiting last) {
    return database.read(
        ConnectionUse.DUTIES,
        session ->
            session
                .sql(query)
                .set("at", last.until)
                .set("id", last.id)
                .set("limit", LOOKED_AT)
                .list(Waiting::of));
  }

  /** Leaves out those that others hold. Returns whether that was none. */
  private boolean countAgain(List<JobId> jobs, List<Sql> updates) {
    return database.write(
        ConnectionUse.DUTIES,
        tx -> {
          Set<JobId> free = dialect.holdFree(tx, jobs);
          for (Sql sql : updates) {
            tx.updateEach(
                sql,
                free.stream().sorted().toList(),
                (update, id) ->
                    update.set("id", id).set("now", tx.now()).set("after", tx.now() + STEP_MICROS));
          }
          return free.size() == jobs.size();
        });
  }
}
