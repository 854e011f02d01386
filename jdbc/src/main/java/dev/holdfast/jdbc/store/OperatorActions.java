package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.PostCommitSignals;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.search.JobFields;
import dev.holdfast.jdbc.series.SampleDeltas;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.jdbc.store.Dependents.Cause;
import dev.holdfast.jdbc.store.Dependents.Ended;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.Signal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The actions of operators on jobs whose rows are locked. Each statement names the states in which
 * it may act.
 */
final class OperatorActions {
  /** Frees the key of a deleted job; one that another job took over stays. */
  private static final Sql FORGET_KEY =
      Sql.of(
          """
          delete from idempotency_keys
           where job_id = :id
             and (job_group, type, idempotency_key) in
                 (select coalesce(job_group, ''), type, idempotency_key from jobs
                   where id = :id and idempotency_key is not null)
          """);

  private static final Sql LOOK = Sql.of("select state, waits, awaited from jobs where id = :id");

  private static final Sql CANCEL =
      Sql.of(
          """
          update jobs
             set state = 'CANCELLED', finished_at = :now, token = token + 1, updated_at = :now
           where id = :id and state in ('SCHEDULED', 'BLOCKED', 'PENDING', 'RUNNING', 'INTERRUPTED')
          """);

  private static final Sql RETRY =
      Sql.of(
          """
          update jobs
             set state = 'PENDING', rank = -priority, run_at = :now, attempt = 0,
                 lane = case when crashes > 0 then 0 else lane end, crashes = 0, lapses = 0,
                 token = token + 1, waits = 0,
                 node = null, started_at = null, finished_at = null, interrupted_at = null,
                 failure_kind = null, failure_message = null, failure_trace = null,
                 fingerprint = null, uncertain = null, updated_at = :now
           where id = :id and state in ('FAILED', 'CANCELLED', 'INTERRUPTED')
          """);

  private static final Sql RESUME =
      Sql.of(
          """
          update jobs
             set state = 'PENDING', rank = -priority, attempt = attempt - 1, token = token + 1,
                 node = null, started_at = null, interrupted_at = null, uncertain = null,
                 updated_at = :now
           where id = :id and state = 'INTERRUPTED'
          """);

  /** The next claim sorts it into its lane. */
  private static final Sql MOVE =
      Sql.of(
          """
          update jobs set queue = :queue, lane = 0, rank = -priority, updated_at = :now
           where id = :id and state in ('SCHEDULED', 'BLOCKED', 'PENDING')
          """);

  /**
   * A change of a job's state by an operator.
   *
   * @param from the states in which it is allowed; the statement names them as well
   * @param to the new state
   * @param why the reason, for the history
   */
  private record Change(Set<JobState> from, JobState to, String why, Sql statement) {}

  private static final Change CANCELLING =
      new Change(
          EnumSet.of(
              JobState.SCHEDULED,
              JobState.BLOCKED,
              JobState.PENDING,
              JobState.RUNNING,
              JobState.INTERRUPTED),
          JobState.CANCELLED,
          "cancelled",
          CANCEL);

  private static final Change RETRYING =
      new Change(
          EnumSet.of(JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED),
          JobState.PENDING,
          "put back",
          RETRY);

  private static final Change RESUMING =
      new Change(EnumSet.of(JobState.INTERRUPTED), JobState.PENDING, "resumed", RESUME);

  private final Dialect dialect;
  private final Ranks ranks;
  private final Dependents dependents;
  private final EventWriter eventWriter;
  private final JobFields fields;

  OperatorActions(
      Dialect dialect,
      Ranks ranks,
      Dependents dependents,
      EventWriter eventWriter,
      JobFields fields) {
    this.fields = fields;
    this.dialect = dialect;
    this.ranks = ranks;
    this.dependents = dependents;
    this.eventWriter = eventWriter;
  }

  /** A job as it was found. */
  private record Seen(JobState state, int waits, int awaited) {}

  List<Changed> cancel(Tx tx, List<JobId> ids, Cause cause) {
    return change(tx, CANCELLING, ids, cause);
  }

  List<Changed> retry(Tx tx, List<JobId> ids, String by) {
    return change(tx, RETRYING, ids, new Cause(by, Scope.all()));
  }

  List<Changed> retryFrom(Tx tx, List<JobId> ids, String step, String by) {
    String why = "put back to step '%s'".formatted(step);
    Change retrying = new Change(RETRYING.from, RETRYING.to, why, RETRY);
    return change(tx, retrying, ids, new Cause(by, Scope.all()));
  }

  List<Changed> resume(Tx tx, List<JobId> ids, String by) {
    return change(tx, RESUMING, ids, new Cause(by, Scope.all()));
  }

  private List<Changed> change(Tx tx, Change change, List<JobId> ids, Cause cause) {
    List<Changed> answers = new ArrayList<>();
    List<Ended> ended = new ArrayList<>();
    for (JobId id : ids) {
      Optional<Seen> before = look(tx, id);
      boolean may = before.filter(seen -> change.from.contains(seen.state)).isPresent();
      if (may) {
        eventWriter.change(tx, id, change.to, cause.by(), change.why);
        changeOne(tx.sql(change.statement).set("id", id).set("now", tx.now()), id);
        tell(id, before.get().state, change.to, tx.postCommit());
        if (change.to == JobState.CANCELLED && before.get().awaited > 0) {
          ended.add(new Ended(id, JobState.CANCELLED));
        }
        if (change.to == JobState.PENDING && before.get().waits > 0) {
          dependents.waitForNobody(tx, id);
        }
      }
      answers.add(new Changed(id, before.map(Seen::state), may));
    }
    if (change.to == JobState.PENDING) {
      ranks.settle(tx, done(answers));
    } else {
      SampleDeltas.ended(tx, done(answers), change.to);
    }
    if (change.statement.equals(RETRY)) {
      Lapses.forget(tx, done(answers));
    }
    Map<JobId, Integer> cancelled = dependents.follow(tx, ended, cause);
    return answers.stream().map(answer -> withDependents(answer, cancelled)).toList();
  }

  private static Changed withDependents(Changed answer, Map<JobId, Integer> cancelled) {
    return new Changed(
        answer.id(),
        answer.before(),
        answer.done(),
        answer.heldBy(),
        cancelled.getOrDefault(answer.id(), 0));
  }

  private static void tell(
      JobId id, JobState before, JobState after, PostCommitSignals postCommit) {
    if (before == JobState.RUNNING) {
      postCommit.add(Signal.REVOKED);
    }
    if (after == JobState.PENDING) {
      postCommit.reopened(id);
    }
  }

  List<Changed> move(Tx tx, List<JobId> ids, String queue) {
    List<Changed> answers = new ArrayList<>();
    for (JobId id : ids) {
      Optional<Seen> before = look(tx, id);
      boolean done =
          tx.sql(MOVE).set("id", id).set("queue", queue).set("now", tx.now()).update() == 1;
      answers.add(new Changed(id, before.map(Seen::state), done));
      if (done) {
        tx.postCommit().reopened(id);
      }
    }
    ranks.settle(tx, done(answers));
    fields.add(tx, ids);
    return answers;
  }

  private static List<JobId> done(List<Changed> answers) {
    return answers.stream().filter(Changed::done).map(Changed::id).toList();
  }

  /** Deletes jobs; for dependents, a job that had not ended counts as cancelled. */
  List<Changed> delete(Tx tx, List<JobId> ids, Cause cause) {
    List<Changed> answers = new ArrayList<>();
    List<Ended> ended = new ArrayList<>();
    for (JobId id : ids) {
      Optional<Seen> before = look(tx, id);
      boolean done = before.isPresent() && before.get().state != JobState.RUNNING;
      if (done) {
        forgetKey(tx, id);
        dialect.deletes().forEach(delete -> tx.sql(delete).set("id", id).update());
        if (before.get().awaited > 0) {
          ended.add(new Ended(id, JobState.CANCELLED));
        }
      }
      answers.add(new Changed(id, before.map(Seen::state), done));
    }
    Map<JobId, Integer> cancelled = dependents.follow(tx, ended, cause);
    return answers.stream().map(answer -> withDependents(answer, cancelled)).toList();
  }

  /** The job is held, so that the state stays as it is until the change. */
  private static Optional<Seen> look(Session session, JobId id) {
    return session
        .sql(LOOK)
        .set("id", id)
        .first(row -> new Seen(JobState.valueOf(row.text(1)), row.count(2), row.count(3)));
  }

  private static void changeOne(Bound update, JobId id) {
    int rows = update.update();
    if (rows != 1) {
      throw new IllegalStateException("changing job %s changed %d rows: a bug".formatted(id, rows));
    }
  }

  /** Frees the idempotency key of a job that is about to be deleted. */
  static void forgetKey(Tx tx, JobId id) {
    tx.sql(FORGET_KEY).set("id", id).update();
  }
}
