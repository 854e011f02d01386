package dev.holdfast.jdbc.store;

import static dev.holdfast.check.Limits.LOG_LINES_MAX;

import dev.holdfast.Failure;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogLine;
import dev.holdfast.Progress;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.Lease;
import java.util.List;
import java.util.Optional;

/**
 * Writes events, log lines and progress: the data in addition to the job's row. All rows are
 * narrow, and none is rewritten.
 */
final class EventWriter {
  /**
   * Inserts the end of an attempt. It runs before the job's row is changed, under the same
   * condition: the row still has the start of the attempt, and the row count tells whether the
   * lease is valid.
   */
  private static final Sql INSERT_END =
      Sql.of(
          """
          insert into job_events
            (job_id, at, from_state, to_state, by_whom, why, attempt, node, run_at, started_at,
             failure_kind, failure_message, failure_trace)
          select id, :now, state, :to_state, :by_whom, :why, attempt, node, run_at, started_at,
                 :failure_kind, :failure_message, :failure_trace
            from jobs
           where id = :id and state = 'RUNNING' and token = :token
             and (node = :node or :fence > 0)
          """);

  /** Inserts an operator's change, before it is made, and keeps the failure that the row loses. */
  private static final Sql INSERT_CHANGE =
      Sql.of(
          """
          insert into job_events
            (job_id, at, from_state, to_state, by_whom, why, attempt, node, run_at, started_at,
             finished_at, failure_kind, failure_message, failure_trace)
          select id, :now, state, :to_state, :by_whom, :why, attempt, node, run_at, started_at,
                 finished_at, failure_kind, failure_message, failure_trace
            from jobs where id = :id
          """);

  private static final Sql COUNT_LIKE =
      Sql.of(
          """
          select count(*) from job_logs
           where job_id = :job_id and attempt = :attempt and at = :at and message = :message
          """);

  private static final Sql INSERT_LOG =
      Sql.of(
          """
          insert into job_logs (job_id, attempt, at, level, message, details)
          values (:job_id, :attempt, :at, :level, :message, :details)
          """);

  private static final Sql COUNT_LINES =
      Sql.of(
          """
          select count(*)
            from (select 1 from job_logs
                   where job_id = :job_id and attempt = :attempt limit :most) as lines
          """);

  /** Stores progress, unless the lease has ended. */
  private static final Sql PUT_PROGRESS =
      Sql.of(
          """
          insert into job_progress (job_id, percent, message, at)
          select :id, :percent, :message, :at from jobs
           where id = :id and state = 'RUNNING' and token = :token and node = :node
          on conflict (job_id) do update
             set percent = excluded.percent, message = excluded.message, at = excluded.at
          """);

  /**
   * Writes an attempt's end; returns whether the lease is valid. If not, nothing was written.
   *
   * @param fence 0 if the lease's holder reports it
   */
  boolean end(
      Tx tx,
      Lease lease,
      int fence,
      JobState to,
      String by,
      String why,
      Optional<Failure> failure) {
    return tx.sql(INSERT_END)
            .set("id", lease.job())
            .set("token", lease.token())
            .set("node", lease.node())
            .set("fence", fence)
            .set("now", tx.now())
            .set("to_state", to.name())
            .set("by_whom", by)
            .set("why", why)
            .set("failure_kind", failure.map(cause -> cause.kind().name()))
            .set("failure_message", failure.map(Failure::message))
            .set("failure_trace", failure.map(Failure::trace))
            .update()
        == 1;
  }

  void change(Tx tx, JobId job, JobState to, String by, String why) {
    changes(tx, List.of(job), to, by, why);
  }

  void changes(Tx tx, List<JobId> jobs, JobState to, String by, String why) {
    tx.updateEach(
        INSERT_CHANGE,
        jobs,
        (insert, job) ->
            insert
                .set("id", job)
                .set("now", tx.now())
                .set("to_state", to.name())
                .set("by_whom", by)
                .set("why", why));
  }

  /** Writes output, limited to the number of lines kept per attempt. */
  void writeWithinLimit(Tx tx, HandlerOutput notes) {
    write(tx, notes.lines().isEmpty() ? notes : notes.within(kept(tx, notes.lease())));
  }

  private static int kept(Session session, Lease lease) {
    return (int)
        session
            .sql(COUNT_LINES)
            .set("job_id", lease.job())
            .set("attempt", lease.attempt())
            .set("most", LOG_LINES_MAX + 1)
            .number();
  }

  /** Returns whether these lines are in the log, which is so if the last of them is. */
  boolean hasLines(Session session, HandlerOutput notes) {
    if (notes.lines().isEmpty()) {
      return true;
    }
    LogLine last = notes.lines().get(notes.lines().size() - 1);
    return session
            .sql(COUNT_LIKE)
            .set("job_id", last.job())
            .set("attempt", last.attempt())
            .set("at", Micros.of(last.at()))
            .set("message", last.message())
            .number()
        > 0;
  }

  void write(Tx tx, HandlerOutput notes) {
    for (LogLine line : notes.lines()) {
      tx.sql(INSERT_LOG)
          .set("job_id", line.job())
          .set("attempt", line.attempt())
          .set("at", Micros.of(line.at()))
          .set("level", line.level().toInt())
          .set("message", line.message())
          .set("details", line.details())
          .update();
    }
    notes.progress().ifPresent(progress -> putProgress(tx, notes, progress));
  }

  private static void putProgress(Tx tx, HandlerOutput notes, Progress progress) {
    tx.sql(PUT_PROGRESS)
        .set("id", notes.lease().job())
        .set("token", notes.lease().token())
        .set("node", notes.lease().node())
        .set("percent", progress.percent())
        .set("message", progress.message())
        .set("at", tx.now())
        .update();
  }
}
