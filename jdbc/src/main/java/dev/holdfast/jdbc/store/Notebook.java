package dev.holdfast.jdbc.store;

import dev.holdfast.Failure;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.Lease;
import dev.holdfast.LogLine;
import dev.holdfast.Progress;
import dev.holdfast.spi.Notes;
import java.util.List;
import java.util.Optional;

/**
 * What is written beside the job's row: events, log lines, progress. All narrow, none rewritten.
 */
final class Notebook {
  /**
   * The end of an attempt. Written before the job's row is changed, under the same condition: the
   * row still knows when the attempt began, and the row count says whether the lease holds.
   */
  private static final Sql INSERT_END =
      Sql.of(
          """
          insert into job_events
            (job_id, at, from_state, to_state, by_whom, why, attempt, node, run_at, started_at,
             failure_kind, failure_message, failure_trace)
          select id, :now, state, :to_state, :by_whom, :why, attempt, node, run_at, started_at,
                 :failure_kind, :failure_message, :failure_trace
            from jobs where id = :id and state = 'RUNNING' and token = :token
          """);

  /** An operator's change; the failure that the row forgets is kept. Written before the change. */
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

  private static final Sql INSERT_LOG =
      Sql.of(
          """
          insert into job_logs (job_id, attempt, at, level, message, details)
          values (:job_id, :attempt, :at, :level, :message, :details)
          """);

  /** Progress under a lease that has ended changes nothing. */
  private static final Sql PUT_PROGRESS =
      Sql.of(
          """
          insert into job_progress (job_id, percent, message, at)
          select :id, :percent, :message, :at from jobs
           where id = :id and state = 'RUNNING' and token = :token
          on conflict (job_id) do update
             set percent = excluded.percent, message = excluded.message, at = excluded.at
          """);

  /**
   * Tells of an attempt's end, and answers whether the lease holds; if not, nothing was written.
   */
  boolean end(
      Session session,
      Lease lease,
      JobState to,
      String by,
      String why,
      Optional<Failure> failure,
      long now) {
    return session
            .sql(INSERT_END)
            .set("id", lease.job())
            .set("token", lease.token())
            .set("now", now)
            .set("to_state", to.name())
            .set("by_whom", by)
            .set("why", why)
            .set("failure_kind", failure.map(cause -> cause.kind().name()))
            .set("failure_message", failure.map(Failure::message))
            .set("failure_trace", failure.map(Failure::trace))
            .update()
        == 1;
  }

  void change(Session session, JobId job, JobState to, String by, String why, long now) {
    changes(session, List.of(job), to, by, why, now);
  }

  void changes(Session session, List<JobId> jobs, JobState to, String by, String why, long now) {
    session.updateEach(
        INSERT_CHANGE,
        jobs,
        (insert, job) ->
            insert
                .set("id", job)
                .set("now", now)
                .set("to_state", to.name())
                .set("by_whom", by)
                .set("why", why));
  }

  void write(Session session, Notes notes, long now) {
    for (LogLine line : notes.lines()) {
      session
          .sql(INSERT_LOG)
          .set("job_id", line.job())
          .set("attempt", line.attempt())
          .set("at", Micros.of(line.at()))
          .set("level", line.level().toInt())
          .set("message", line.message())
          .set("details", line.details())
          .update();
    }
    notes.progress().ifPresent(progress -> putProgress(session, notes, progress, now));
  }

  private static void putProgress(Session session, Notes notes, Progress progress, long now) {
    session
        .sql(PUT_PROGRESS)
        .set("id", notes.lease().job())
        .set("token", notes.lease().token())
        .set("percent", progress.percent())
        .set("message", progress.message())
        .set("at", now)
        .update();
  }
}
