package dev.holdfast.jdbc.store;

import dev.holdfast.Failure;
import dev.holdfast.IfLate;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.SignalWait;
import dev.holdfast.jdbc.store.Dependents.Ended;
import dev.holdfast.spi.JobRecord;
import dev.holdfast.spi.JobStore.Signalled;
import dev.holdfast.spi.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Signals from outside: those that were sent to jobs, and those that jobs wait for. */
final class JobSignals {
  private static final Sql AWAIT =
      Sql.of(
          """
          insert into job_signals (job_id, name, awaited_until, if_late)
          values (:job_id, :name, :awaited_until, :if_late)
          """);

  /** One that was asked for before, and did not come, is asked for anew. */
  private static final Sql ASK =
      Sql.of(
          """
          insert into job_signals (job_id, name, awaited_until, if_late)
          values (:job_id, :name, :awaited_until, :if_late)
          on conflict (job_id, name) do update
             set awaited_until = excluded.awaited_until, if_late = excluded.if_late
           where job_signals.sent_at is null
          """);

  private static final Sql STATE = Sql.of("select state from jobs where id = :id");

  private static final Sql FIND =
      Sql.of("select * from job_signals where job_id = :job_id and name = :name");

  private static final Sql AWAITED =
      Sql.of("select * from job_signals where job_id = :job_id and awaited_until is not null");

  private static final Sql SEND =
      Sql.of(
          """
          insert into job_signals (job_id, name, payload, sent_at, sent_by)
          values (:job_id, :name, :payload, :now, :sent_by)
          on conflict (job_id, name) do update
             set payload = excluded.payload, sent_at = excluded.sent_at,
                 sent_by = excluded.sent_by, awaited_until = null
           where job_signals.sent_at is null
          """);

  private static final Sql LATE =
      Sql.of(
          """
          select job_id, name, if_late from job_signals
           where awaited_until <= :now order by awaited_until limit :limit
          """);

  private static final Sql AWAIT_NO_MORE =
      Sql.of(
          """
          update job_signals set awaited_until = null
           where job_id = :job_id and name = :name and awaited_until <= :now
          """);

  private static final Sql FAIL =
      Sql.of(
          """
          update jobs
             set state = 'FAILED', finished_at = :now, token = token + 1,
                 failure_kind = :failure_kind, failure_message = :failure_message,
                 failure_trace = :failure_trace, updated_at = :now
           where id = :id and state = 'BLOCKED'
          """);

  private final Dialect dialect;
  private final Dependents dependents;
  private final Notebook notebook;

  JobSignals(Dialect dialect, Dependents dependents, Notebook notebook) {
    this.dialect = dialect;
    this.dependents = dependents;
    this.notebook = notebook;
  }

  private record Late(JobId job, String name, IfLate ifLate) {}

  /** A new job waits for a signal. */
  static void await(Session session, JobId job, SignalWait wait, long now) {
    bind(session.sql(AWAIT), job, wait, now).update();
  }

  private static Bound bind(Bound insert, JobId job, SignalWait wait, long now) {
    return insert
        .set("job_id", job)
        .set("name", wait.name())
        .set("awaited_until", now + Micros.of(wait.timeout()))
        .set("if_late", wait.ifLate().name());
  }

  /** A job, which is held and has become BLOCKED for it, waits for a signal, or need not. */
  void ask(Session session, JobId job, SignalWait wait, long now, News news) {
    boolean isOpen = bind(session.sql(ASK), job, wait, now).update() == 1;
    if (isOpen) {
      news.add(Signal.SCHEDULED); // its time may be the next that is over
    } else {
      String why = "signal '%s' had been sent".formatted(wait.name());
      dependents.lessToWaitFor(session, job, why, now, news);
    }
  }

  Signalled send(
      Session session, JobId job, String name, String payload, String by, long now, News news) {
    dialect.hold(session, List.of(job));
    Optional<JobState> state =
        session.sql(STATE).set("id", job).first(row -> JobState.valueOf(row.text(1)));
    if (state.isEmpty()) {
      return Signalled.NO_JOB;
    }
    Optional<JobRecord.Signal> before = find(session, job, name);
    if (before.filter(signal -> signal.sentAt().isPresent()).isPresent()) {
      return Signalled.KNOWN;
    }
    if (state.get().isFinished()) {
      return Signalled.TOO_LATE;
    }
    int rows =
        session
            .sql(SEND)
            .set("job_id", job)
            .set("name", name)
            .set("payload", payload)
            .set("sent_by", by)
            .set("now", now)
            .update();
    if (rows != 1) {
      throw new IllegalStateException(
          "signalling job %s changed %d rows: a bug".formatted(job, rows));
    }
    if (before.filter(signal -> signal.awaitedUntil().isPresent()).isPresent()) {
      String why = "signal '%s' was sent by %s".formatted(name, by);
      dependents.lessToWaitFor(session, job, why, now, news);
    }
    return Signalled.TAKEN;
  }

  /** Ends the waiting of jobs for whose signal the time is over. @return how many */
  int endLate(Session session, int limit, long now, News news) {
    List<Late> late =
        session
            .sql(LATE)
            .set("now", now)
            .set("limit", limit)
            .list(row -> new Late(new JobId(row.id(1)), row.text(2), IfLate.valueOf(row.text(3))));
    dialect.hold(session, late.stream().map(Late::job).toList());
    List<Ended> failed = new ArrayList<>();
    for (Late wait : late) {
      int rows =
          session
              .sql(AWAIT_NO_MORE)
              .set("job_id", wait.job)
              .set("name", wait.name)
              .set("now", now)
              .update();
      String why = "signal '%s' did not come in time".formatted(wait.name);
      if (rows == 1 && wait.ifLate == IfLate.RUN) {
        dependents.lessToWaitFor(session, wait.job, why, now, news);
      } else if (rows == 1 && fail(session, wait.job, why, now)) {
        failed.add(new Ended(wait.job, JobState.FAILED));
      }
    }
    dependents.follow(session, failed, now, news);
    return late.size();
  }

  private boolean fail(Session session, JobId job, String why, long now) {
    boolean isBlocked =
        session
            .sql(STATE)
            .set("id", job)
            .first(row -> JobState.valueOf(row.text(1)))
            .equals(Optional.of(JobState.BLOCKED));
    if (isBlocked) {
      Failure failure = Failure.of(Failure.Kind.SIGNAL, why);
      notebook.change(session, job, JobState.FAILED, "", why, now);
      session
          .sql(FAIL)
          .set("id", job)
          .set("failure_kind", failure.kind().name())
          .set("failure_message", failure.message())
          .set("failure_trace", failure.trace())
          .set("now", now)
          .update();
    }
    return isBlocked;
  }

  static Optional<JobRecord.Signal> find(Session session, JobId job, String name) {
    return session.sql(FIND).set("job_id", job).set("name", name).first(JobSignals::signal);
  }

  /** The signal that a job waits for. */
  static Optional<JobRecord.Signal> awaited(Session session, JobId job) {
    return session.sql(AWAITED).set("job_id", job).first(JobSignals::signal);
  }

  static JobRecord.Signal signal(Row row) {
    return new JobRecord.Signal(
        row.text("name"),
        row.maybeText("payload"),
        row.maybeInstant("sent_at"),
        row.text("sent_by"),
        row.maybeInstant("awaited_until"),
        row.maybeText("if_late").map(IfLate::valueOf));
  }
}
