package dev.holdfast.jdbc.store;

import dev.holdfast.Failure;
import dev.holdfast.Fingerprint;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.SignalWait;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.series.SampleDeltas;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.jdbc.store.Dependents.Cause;
import dev.holdfast.jdbc.store.Dependents.Ended;
import dev.holdfast.spi.JobStore.Signalled;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.record.JobRecord;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Signals from outside: those that were sent, and those that jobs wait for. */
final class JobSignals {
  private static final Sql AWAIT =
      Sql.of(
          """
          insert into job_signals (job_id, name, awaited_until, if_late)
          values (:job_id, :name, :awaited_until, :if_late)
          """);

  /** Asks for a signal; one that was asked for before and did not come is asked for again. */
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

  private static final Sql TYPE_OF_BLOCKED =
      Sql.of("select type from jobs where id = :id and state = 'BLOCKED'");

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
                 failure_trace = :failure_trace, fingerprint = :fingerprint, updated_at = :now
           where id = :id and state = 'BLOCKED'
          """);

  private final Dialect dialect;
  private final Dependents dependents;
  private final EventWriter eventWriter;

  JobSignals(Dialect dialect, Dependents dependents, EventWriter eventWriter) {
    this.dialect = dialect;
    this.dependents = dependents;
    this.eventWriter = eventWriter;
  }

  private record Late(JobId job, String name, OnSignalTimeout ifLate) {}

  /** Makes a new job wait for a signal. */
  static void await(Tx tx, JobId job, SignalWait wait) {
    bind(tx.sql(AWAIT), job, wait, tx.now()).update();
  }

  private static Bound bind(Bound insert, JobId job, SignalWait wait, long now) {
    return insert
        .set("job_id", job)
        .set("name", wait.name())
        .set("awaited_until", now + Micros.of(wait.timeout()))
        .set("if_late", wait.ifLate().name());
  }

  /**
   * Makes a job, which is held and has become BLOCKED, wait for a signal, unless it was already
   * sent.
   */
  void ask(Tx tx, JobId job, SignalWait wait) {
    boolean isOpen = bind(tx.sql(ASK), job, wait, tx.now()).update() == 1;
    if (isOpen) {
      tx.postCommit().add(Signal.SCHEDULED); // its timeout may be the next one
    } else {
      String why = "signal '%s' had been sent".formatted(wait.name());
      dependents.lessToWaitFor(tx, job, why);
    }
  }

  Signalled send(Tx tx, JobId job, String name, String payload, String by) {
    dialect.hold(tx, List.of(job));
    Optional<JobState> state =
        tx.sql(STATE).set("id", job).first(row -> JobState.valueOf(row.text(1)));
    if (state.isEmpty()) {
      return Signalled.NO_JOB;
    }
    Optional<JobRecord.Signal> before = find(tx, job, name);
    if (before.filter(signal -> signal.sentAt().isPresent()).isPresent()) {
      return Signalled.KNOWN;
    }
    if (state.get().isFinished()) {
      return Signalled.TOO_LATE;
    }
    int rows =
        tx.sql(SEND)
            .set("job_id", job)
            .set("name", name)
            .set("payload", payload)
            .set("sent_by", by)
            .set("now", tx.now())
            .update();
    if (rows != 1) {
      throw new IllegalStateException(
          "signalling job %s changed %d rows: a bug".formatted(job, rows));
    }
    if (before.filter(signal -> signal.awaitedUntil().isPresent()).isPresent()) {
      String why = "signal '%s' was sent by %s".formatted(name, by);
      dependents.lessToWaitFor(tx, job, why);
    }
    return Signalled.TAKEN;
  }

  /** Ends the waits whose timeout is over. @return how many */
  int endLate(Tx tx, int limit) {
    List<Late> late =
        new ArrayList<>(
            tx.sql(LATE)
                .set("now", tx.now())
                .set("limit", limit)
                .list(
                    row ->
                        new Late(
                            new JobId(row.id(1)),
                            row.text(2),
                            OnSignalTimeout.valueOf(row.text(3)))));
    Set<JobId> free = dialect.holdFree(tx, late.stream().map(Late::job).toList());
    late.removeIf(wait -> !free.contains(wait.job)); // the next run tries them again
    List<Ended> failed = new ArrayList<>();
    for (Late wait : late) {
      int rows =
          tx.sql(AWAIT_NO_MORE)
              .set("job_id", wait.job)
              .set("name", wait.name)
              .set("now", tx.now())
              .update();
      String why = "signal '%s' did not come in time".formatted(wait.name);
      if (rows == 1 && wait.ifLate == OnSignalTimeout.RUN) {
        dependents.lessToWaitFor(tx, wait.job, why);
      } else if (rows == 1 && fail(tx, wait.job, why)) {
        failed.add(new Ended(wait.job, JobState.FAILED));
      }
    }
    dependents.follow(tx, failed, Cause.NONE);
    return late.size();
  }

  private boolean fail(Tx tx, JobId job, String why) {
    Optional<String> type = tx.sql(TYPE_OF_BLOCKED).set("id", job).first(row -> row.text(1));
    if (type.isPresent()) {
      Failure failure = Failure.of(Failure.Kind.SIGNAL, why);
      eventWriter.change(tx, job, JobState.FAILED, "", why);
      tx.sql(FAIL)
          .set("id", job)
          .set("failure_kind", failure.kind().name())
          .set("failure_message", failure.message())
          .set("failure_trace", failure.trace())
          .set("fingerprint", Fingerprint.of(type.get(), failure).value())
          .set("now", tx.now())
          .update();
      SampleDeltas.ended(tx, List.of(job), JobState.FAILED);
    }
    return type.isPresent();
  }

  static Optional<JobRecord.Signal> find(Session session, JobId job, String name) {
    return session.sql(FIND).set("job_id", job).set("name", name).first(JobSignals::signal);
  }

  /** Returns the signal that a job waits for. */
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
        row.maybeText("if_late").map(OnSignalTimeout::valueOf));
  }
}
