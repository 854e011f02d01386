package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.jdbc.store.Dependents.Ended;
import dev.holdfast.spi.Signal;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What operators ask for. Each statement names the states in which it may act. */
final class Controls {
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
             set state = 'PENDING', rank = -priority, run_at = :now, attempt = 0, crashes = 0,
                 token = token + 1, waits = 0,
                 node = null, started_at = null, finished_at = null, interrupted_at = null,
                 failure_kind = null, failure_message = null, failure_trace = null,
                 updated_at = :now
           where id = :id and state in ('FAILED', 'CANCELLED', 'INTERRUPTED')
          """);

  private static final Sql RESUME =
      Sql.of(
          """
          update jobs
             set state = 'PENDING', rank = -priority, attempt = attempt - 1, token = token + 1,
                 node = null, started_at = null, interrupted_at = null, updated_at = :now
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
   * Something that is asked of a job's state.
   *
   * @param from the states in which it may be asked; the statement names them as well
   * @param to what it leads to
   * @param why for the history
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
  private final Notebook notebook;

  Controls(Dialect dialect, Ranks ranks, Dependents dependents, Notebook notebook) {
    this.dialect = dialect;
    this.ranks = ranks;
    this.dependents = dependents;
    this.notebook = notebook;
  }

  /** A job as it was found. */
  private record Seen(JobState state, int waits, int awaited) {}

  List<Changed> cancel(Session session, List<JobId> ids, String by, long now, News news) {
    return change(session, CANCELLING, ids, by, now, news);
  }

  List<Changed> retry(Session session, List<JobId> ids, String by, long now, News news) {
    return change(session, RETRYING, ids, by, now, news);
  }

  List<Changed> resume(Session session, List<JobId> ids, String by, long now, News news) {
    return change(session, RESUMING, ids, by, now, news);
  }

  private List<Changed> change(
      Session session, Change change, List<JobId> ids, String by, long now, News news) {
    dialect.hold(session, ids);
    List<Changed> answers = new ArrayList<>();
    List<Ended> ended = new ArrayList<>();
    for (JobId id : ids) {
      Optional<Seen> before = look(session, id);
      boolean may = before.filter(seen -> change.from.contains(seen.state)).isPresent();
      if (may) {
        notebook.change(session, id, change.to, by, change.why, now);
        changeOne(session.sql(change.statement).set("id", id).set("now", now), id);
        tell(id, before.get().state, change.to, news);
        if (change.to == JobState.CANCELLED && before.get().awaited > 0) {
          ended.add(new Ended(id, JobState.CANCELLED));
        }
        if (change.to == JobState.PENDING && before.get().waits > 0) {
          dependents.waitForNobody(session, id, now);
        }
      }
      answers.add(new Changed(id, before.map(Seen::state), may));
    }
    if (change.to == JobState.PENDING) {
      ranks.settle(session, done(answers), now, news);
    }
    dependents.follow(session, ended, now, news);
    return answers;
  }

  private static void tell(JobId id, JobState before, JobState after, News news) {
    if (before == JobState.RUNNING) {
      news.add(Signal.REVOKED);
    }
    if (after == JobState.PENDING) {
      news.reopened(id);
    }
  }

  List<Changed> move(Session session, List<JobId> ids, String queue, long now, News news) {
    dialect.hold(session, ids);
    List<Changed> answers = new ArrayList<>();
    for (JobId id : ids) {
      Optional<Seen> before = look(session, id);
      boolean done =
          session.sql(MOVE).set("id", id).set("queue", queue).set("now", now).update() == 1;
      answers.add(new Changed(id, before.map(Seen::state), done));
      if (done) {
        news.reopened(id);
      }
    }
    ranks.settle(session, done(answers), now, news);
    return answers;
  }

  private static List<JobId> done(List<Changed> answers) {
    return answers.stream().filter(Changed::done).map(Changed::id).toList();
  }

  /** Who waits for a job that had not ended waits for one that was cancelled. */
  List<Changed> delete(Session session, List<JobId> ids, long now, News news) {
    dialect.hold(session, ids);
    List<Changed> answers = new ArrayList<>();
    List<Ended> ended = new ArrayList<>();
    for (JobId id : ids) {
      Optional<Seen> before = look(session, id);
      boolean done = before.isPresent() && before.get().state != JobState.RUNNING;
      if (done) {
        dialect.deletes().forEach(delete -> session.sql(delete).set("id", id).update());
        if (before.get().awaited > 0) {
          ended.add(new Ended(id, JobState.CANCELLED));
        }
      }
      answers.add(new Changed(id, before.map(Seen::state), done));
    }
    dependents.follow(session, ended, now, news);
    return answers;
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
}
