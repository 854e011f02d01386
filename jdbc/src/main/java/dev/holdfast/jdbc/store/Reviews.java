package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.error.ConflictException;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.search.JobRows;
import dev.holdfast.jdbc.series.SampleDeltas;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.jdbc.store.Dependents.Cause;
import dev.holdfast.jdbc.store.Dependents.Ended;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.ReviewStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Reviews of a restored queue. A job that waits for one is BLOCKED and counts it in {@code waits}
 * like a predecessor, or was INTERRUPTED before; {@code uncertain} holds its state at the time of
 * the backup.
 */
final class Reviews implements ReviewStore {
  private static final Sql LIST =
      Sql.of(
          """
          select r.*, j.uncertain from jobs j join job_rows r on r.id = j.id
           where j.uncertain is not null and j.state in ('BLOCKED', 'INTERRUPTED')
             and j.id > :after
           order by j.id limit :limit
          """);

  private static final Sql OPEN =
      Sql.of(
          """
          select (select count(*) from jobs where state = 'BLOCKED' and uncertain is not null)
               + (select count(*) from jobs
                   where state = 'INTERRUPTED' and state > '' and uncertain is not null)
          """);

  private static final Sql STATE =
      Sql.of(
          """
          select state, awaited from jobs
           where id = :id and uncertain is not null and state in ('BLOCKED', 'INTERRUPTED')
          """);

  private static final Sql ANY_STATE = Sql.of("select state from jobs where id = :id");

  private static final Sql CLEAR = Sql.of("update jobs set uncertain = null where id = :id");

  private static final Sql COMPLETE =
      Sql.of(
          """
          update jobs
             set state = 'COMPLETED', finished_at = :now, token = token + 1, uncertain = null,
                 updated_at = :now
           where id = :id and state in ('BLOCKED', 'INTERRUPTED') and uncertain is not null
          """);

  private static final JobId FIRST = new JobId(new UUID(0, 0));

  private final Database database;
  private final OperatorBatches operators;
  private final OperatorActions actions;
  private final Dependents dependents;
  private final EventWriter eventWriter;

  Reviews(
      Database database,
      OperatorBatches operators,
      OperatorActions actions,
      Dependents dependents,
      EventWriter eventWriter) {
    this.database = database;
    this.operators = operators;
    this.actions = actions;
    this.dependents = dependents;
    this.eventWriter = eventWriter;
  }

  /**
   * Refuses a queue in which jobs wait for a review, as exports do not carry that.
   *
   * @throws ConflictException if there are any
   */
  static void refuseOpen(Session session) {
    long open = countOpen(session);
    if (open > 0) {
      throw new ConflictException(
          "%,d jobs of this restored queue wait for a review: decide about them first (holdfast review)"
              .formatted(open));
    }
  }

  /** Counts the jobs that wait for a review. */
  static long countOpen(Session session) {
    return session.sql(OPEN).number();
  }

  @Override
  public List<Uncertain> uncertain(Optional<JobId> after, int limit) {
    return database.read(
        ConnectionUse.CALLERS,
        session ->
            session
                .sql(LIST)
                .set("after", after.orElse(FIRST))
                .set("limit", limit)
                .list(
                    row ->
                        new Uncertain(JobRows.job(row), JobState.valueOf(row.text("uncertain")))));
  }

  @Override
  public List<Changed> review(List<JobId> ids, Decision decision, String by) {
    return operators.change(ids, (tx, free) -> review(tx, free, decision, by));
  }

  /** A job that waits for a review. */
  private record Seen(JobId id, JobState state, int awaited) {}

  private List<Changed> review(Tx tx, List<JobId> ids, Decision decision, String by) {
    List<Changed> answers = new ArrayList<>();
    List<Seen> waiting = new ArrayList<>();
    for (JobId id : ids) {
      Optional<Seen> seen =
          tx.sql(STATE)
              .set("id", id)
              .first(row -> new Seen(id, JobState.valueOf(row.text(1)), row.count(2)));
      seen.ifPresent(waiting::add);
      Optional<JobState> state =
          tx.sql(ANY_STATE).set("id", id).first(row -> JobState.valueOf(row.text(1)));
      answers.add(new Changed(id, state, seen.isPresent()));
    }
    switch (decision) {
      case RESUME -> resume(tx, waiting, by);
      case DISCARD -> discard(tx, waiting, by);
      case DONE -> complete(tx, waiting, by);
    }
    return answers;
  }

  private void resume(Tx tx, List<Seen> waiting, String by) {
    String why = "resumed by a review of " + by;
    List<JobId> interrupted = new ArrayList<>();
    for (Seen job : waiting) {
      tx.sql(CLEAR).set("id", job.id).update();
      if (job.state == JobState.INTERRUPTED) {
        interrupted.add(job.id);
      } else {
        dependents.lessToWaitFor(tx, job.id, why);
        tx.postCommit().reopened(job.id);
      }
    }
    List<Changed> unused = actions.resume(tx, interrupted, by);
  }

  private void discard(Tx tx, List<Seen> waiting, String by) {
    List<JobId> ids = waiting.stream().map(Seen::id).toList();
    ids.forEach(id -> tx.sql(CLEAR).set("id", id).update());
    List<Changed> unused = actions.cancel(tx, ids, new Cause(by, Scope.all()));
  }

  private void complete(Tx tx, List<Seen> waiting, String by) {
    List<Ended> ended = new ArrayList<>();
    for (Seen job : waiting) {
      eventWriter.change(tx, job.id, JobState.COMPLETED, by, "treated as done by a review");
      tx.sql(COMPLETE).set("id", job.id).set("now", tx.now()).update();
      if (job.awaited > 0) {
        ended.add(new Ended(job.id, JobState.COMPLETED));
      }
    }
    SampleDeltas.ended(tx, waiting.stream().map(Seen::id).toList(), JobState.COMPLETED);
    dependents.follow(tx, ended, new Cause(by, Scope.all()));
  }
}
