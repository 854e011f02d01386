package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.SignalWait;
import dev.holdfast.Transaction;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Json;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.StepStore;
import dev.holdfast.spi.StepWait;
import dev.holdfast.step.Step;
import dev.holdfast.step.StepKind;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The steps of jobs. Only the holder of the lease can record one. */
final class Steps implements StepStore {
  private static final Sql ALL =
      Sql.of("select * from job_steps where job_id = :job_id order by position");

  private static final Sql FIND =
      Sql.of("select * from job_steps where job_id = :job_id and name = :name");

  /** Begins a step that waits; one that was suspended before keeps its start and its deadline. */
  private static final Sql BEGIN =
      Sql.of(
          """
          insert into job_steps (job_id, position, name, kind, result, attempt, started_at, until)
          select :job_id, coalesce(max(position), 0) + 1, :name, :kind, :result, :attempt, :now,
                 :until
            from job_steps where job_id = :job_id
          on conflict (job_id, name) do nothing
          """);

  /** A wait that has begun keeps its start, and its jobs. */
  private static final Sql FINISH =
      Sql.of(
          """
          insert into job_steps
            (job_id, position, name, kind, result, attempt, started_at, finished_at)
          select id,
                 (select coalesce(max(position), 0) + 1 from job_steps where job_id = :id),
                 :name, :kind, :result, attempt, :started_at, :now
            from jobs
           where id = :id and state = 'RUNNING' and token = :token and node = :node
          on conflict (job_id, name) do update
             set finished_at = excluded.finished_at, attempt = excluded.attempt,
                 result = coalesce(excluded.result, job_steps.result)
          """);

  private static final Sql FORGET =
      Sql.of("delete from job_steps where job_id = :job_id and position >= :position");

  private static final Sql FORGET_WAITS =
      Sql.of("delete from job_waits where job_id = :job_id and position >= :position");

  /** Frees the keys of the jobs of forgotten steps, so that the steps enqueue new ones. */
  private static final Sql FORGET_KEYS =
      Sql.of(
          """
          delete from idempotency_keys
           where (job_group, type, idempotency_key) in
                 (select coalesce(j.job_group, ''), j.type, j.idempotency_key
                    from job_waits w join jobs j on j.id = w.on_id
                   where w.job_id = :job_id and w.position >= :position
                     and j.idempotency_key like :keys)
          """);

  private static final long REST_MIN = 1_000; // a wait is 1 ms at least

  private final Database database;
  private final Dialect dialect;
  private final OperatorBatches operators;
  private final OperatorActions operatorActions;

  Steps(
      Database database,
      Dialect dialect,
      OperatorBatches operators,
      OperatorActions operatorActions) {
    this.database = database;
    this.dialect = dialect;
    this.operators = operators;
    this.operatorActions = operatorActions;
  }

  /**
   * A step that waits.
   *
   * @param until the time or the deadline of its wait
   */
  record Begun(int position, long until) {
    /** Returns the rest of its wait for a signal. */
    SignalWait signal(StepWait wait, long now) {
      Duration rest = Micros.toDuration(Math.max(REST_MIN, until - now));
      return new SignalWait(wait.step(), rest, OnSignalTimeout.RUN);
    }
  }

  /** Begins or continues the wait of a step, whose job is held under the lease. */
  static Begun begin(Tx tx, Lease lease, StepWait wait) {
    tx.sql(BEGIN)
        .set("job_id", lease.job())
        .set("name", wait.step())
        .set("kind", wait.kind().name())
        .set("result", jobs(wait))
        .set("attempt", lease.attempt())
        .set("now", tx.now())
        .set("until", until(wait, tx.now()))
        .update();
    Step step =
        tx.sql(FIND)
            .set("job_id", lease.job())
            .set("name", wait.step())
            .first(Steps::step)
            .orElseThrow();
    return new Begun(step.position(), step.until().map(Micros::of).orElse(tx.now()));
  }

  private static Optional<Long> until(StepWait wait, long now) {
    return wait.kind() == StepKind.JOBS
        ? Optional.empty()
        : Optional.of(now + Micros.of(wait.limit()));
  }

  private static Optional<String> jobs(StepWait wait) {
    return wait.kind() == StepKind.JOBS
        ? Optional.of(Json.write(wait.jobs().stream().map(JobId::toString).toList()))
        : Optional.empty();
  }

  @Override
  public Recorded of(JobId job) {
    return new Recorded(
        database.read(ConnectionUse.CALLERS, session -> all(session, job)),
        Micros.toInstant(database.now()));
  }

  private static List<Step> all(Session session, JobId job) {
    return session.sql(ALL).set("job_id", job).list(Steps::step);
  }

  static Step step(Row row) {
    return new Step(
        row.count("position"),
        row.text("name"),
        StepKind.valueOf(row.text("kind")),
        row.count("attempt"),
        row.instant("started_at"),
        row.maybeInstant("finished_at"),
        row.maybeInstant("until"),
        row.maybeText("result"));
  }

  @Override
  public void finish(Lease lease, Finished step) {
    Lease unused =
        database.write(
            ConnectionUse.CALLERS,
            tx -> {
              dialect.hold(tx, List.of(lease.job()));
              return finish(tx, lease, step);
            });
  }

  @Override
  public void finish(Transaction transaction, Lease lease, Finished step) {
    Lease unused =
        database.writeIn(
            transaction,
            tx -> {
              dialect.hold(tx, List.of(lease.job()));
              return finish(tx, lease, step);
            });
  }

  private static Lease finish(Tx tx, Lease lease, Finished step) {
    int rows =
        tx.sql(FINISH)
            .set("id", lease.job())
            .set("token", lease.token())
            .set("node", lease.node())
            .set("name", step.name())
            .set("kind", step.kind().name())
            .set("result", step.result())
            .set("started_at", tx.now() - Micros.of(step.ran()))
            .set("now", tx.now())
            .update();
    if (rows == 0) {
      throw lease.stale();
    }
    return lease;
  }

  @Override
  public Changed retryFrom(JobId job, String step, String by) {
    return operators
        .change(
            List.of(job),
            (tx, free) -> {
              free.forEach(id -> checkThere(tx, id, step));
              List<Changed> answers = operatorActions.retryFrom(tx, free, step, by);
              answers.stream()
                  .filter(Changed::done)
                  .forEach(changed -> forget(tx, changed.id(), step));
              return answers;
            })
        .get(0);
  }

  /** A job that does not exist is reported as such by the change. */
  private static void checkThere(Session session, JobId job, String name) {
    List<String> names = all(session, job).stream().map(Step::name).toList();
    if (!names.contains(name) && RecordWriter.exists(session, job)) {
      throw StepStore.noStep(job, name, names);
    }
  }

  private static void forget(Tx tx, JobId job, String name) {
    Optional<Step> first = tx.sql(FIND).set("job_id", job).set("name", name).first(Steps::step);
    if (first.isPresent()) {
      int position = first.get().position();
      int jobs = StepWait.firstPosition(position);
      tx.sql(FORGET_KEYS)
          .set("job_id", job)
          .set("position", jobs)
          .set("keys", StepWait.keys(job) + "%")
          .update();
      tx.sql(FORGET_WAITS).set("job_id", job).set("position", jobs).update();
      tx.sql(FORGET).set("job_id", job).set("position", position).update();
    }
  }
}
