package dev.holdfast.jdbc.store;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Dependency;
import dev.holdfast.IfFailed;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.spi.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Jobs that wait for others: as those end, they go on or are cancelled, in the same transaction.
 * Each counts in its own row how many it still waits for, so that of two predecessors that end at
 * once the later one lets it go on, and only that one.
 */
final class Dependents {
  /** The one who ended is held, so that nobody begins to wait for it meanwhile. */
  private static final Sql OPEN =
      IdLists.in(
          """
          select job_id, position, on_id, if_failed from job_waits
           where on_id in (%s) and satisfied_at is null
          """);

  private static final Sql LOOK =
      IdLists.in("select id, state, waits, run_at, lane, priority from jobs where id in (%s)");

  private static final Sql SATISFY =
      Sql.of(
          """
          update job_waits set satisfied_at = :now
           where job_id = :job_id and position = :position and satisfied_at is null
          """);

  private static final Sql SATISFY_ALL =
      Sql.of(
          """
          update job_waits set satisfied_at = :now where job_id = :id and satisfied_at is null
          """);

  private static final Sql AWAIT_NO_SIGNAL =
      Sql.of("update job_signals set awaited_until = null where job_id = :id");

  private static final Sql COUNT =
      Sql.of("update jobs set waits = :waits where id = :id and state = 'BLOCKED'");

  /** It becomes due now, if not later: its place is where it arrives. */
  private static final Sql LET_GO =
      Sql.of(
          """
          update jobs set state = 'PENDING', rank = -priority, waits = 0, run_at = :now,
                 updated_at = :now
           where id = :id and state = 'BLOCKED'
          """);

  private static final Sql LET_GO_LATER =
      Sql.of(
          """
          update jobs set state = 'SCHEDULED', waits = 0, updated_at = :now
           where id = :id and state = 'BLOCKED'
          """);

  private static final Sql CANCEL =
      Sql.of(
          """
          update jobs
             set state = 'CANCELLED', finished_at = :now, token = token + 1, updated_at = :now
           where id = :id and state = 'BLOCKED'
          """);

  private final Dialect dialect;
  private final Ranks ranks;
  private final Notebook notebook;

  Dependents(Dialect dialect, Ranks ranks, Notebook notebook) {
    this.dialect = dialect;
    this.ranks = ranks;
    this.notebook = notebook;
  }

  /** A job that is not waited for any more, in its last state. */
  record Ended(JobId id, JobState state) {}

  private record Wait(JobId job, int position, Dependency dependency) {}

  private record Waiting(
      JobId id, JobState state, int waits, long runAt, long lane, int priority) {}

  /** Why a job is cancelled that was to follow this one. */
  static String why(JobId predecessor, JobState end) {
    return "job %s, which it waited for, %s"
        .formatted(predecessor, end == JobState.FAILED ? "has failed" : "was cancelled");
  }

  /**
   * Does what follows from the end of these jobs, whose rows this transaction has changed or holds:
   * those that wait for them, then those that wait for what is cancelled thereby, and so on.
   */
  void follow(Session session, List<Ended> ended, long now, News news) {
    List<Ended> next = ended;
    while (!next.isEmpty()) {
      next = followOnce(session, next, now, news);
    }
  }

  /** Answers those that were cancelled. */
  private List<Ended> followOnce(Session session, List<Ended> ended, long now, News news) {
    Map<JobId, JobState> ends = new HashMap<>();
    ended.forEach(end -> ends.put(end.id, end.state));
    List<Wait> waits = IdLists.list(session, OPEN, ends.keySet(), Dependents::wait);
    if (waits.isEmpty()) {
      return List.of();
    }
    TreeSet<JobId> jobs =
        waits.stream().map(Wait::job).collect(Collectors.toCollection(TreeSet::new));
    dialect.hold(session, jobs);
    Map<JobId, Waiting> waiting =
        IdLists.list(session, LOOK, jobs, Dependents::waiting).stream()
            .filter(job -> job.state == JobState.BLOCKED)
            .collect(Collectors.toMap(Waiting::id, Function.identity(), (a, b) -> a, TreeMap::new));
    Map<JobId, String> doomed = new TreeMap<>();
    List<Wait> satisfied = new ArrayList<>();
    Map<JobId, Integer> less = new TreeMap<>();
    for (Wait wait : waits) {
      JobState end = requireNonNull(ends.get(wait.dependency.on()));
      if (!Predecessors.isDoom(wait.dependency, end)) {
        satisfied.add(wait);
        less.merge(wait.job, 1, Integer::sum);
      } else if (waiting.containsKey(wait.job)) {
        doomed.putIfAbsent(wait.job, why(wait.dependency.on(), end));
      }
    }
    session.updateEach(
        SATISFY,
        satisfied,
        (satisfy, wait) ->
            satisfy.set("now", now).set("job_id", wait.job).set("position", wait.position));
    waiting.keySet().removeAll(doomed.keySet());
    count(session, waiting.values(), less, "what it waited for has ended", now, news);
    cancel(session, doomed, now);
    return doomed.keySet().stream().map(job -> new Ended(job, JobState.CANCELLED)).toList();
  }

  private static Wait wait(Row row) {
    Dependency dependency = new Dependency(new JobId(row.id(3)), IfFailed.valueOf(row.text(4)));
    return new Wait(new JobId(row.id(1)), row.count(2), dependency);
  }

  private static Waiting waiting(Row row) {
    return new Waiting(
        new JobId(row.id(1)),
        JobState.valueOf(row.text(2)),
        row.count(3),
        row.number(4),
        row.number(5),
        row.count(6));
  }

  private void count(
      Session session,
      Iterable<Waiting> waiting,
      Map<JobId, Integer> less,
      String why,
      long now,
      News news) {
    List<Waiting> free = new ArrayList<>();
    List<Waiting> others = new ArrayList<>();
    for (Waiting job : waiting) {
      int left = job.waits - less.getOrDefault(job.id, 0);
      (left > 0 ? others : free).add(job);
    }
    session.updateEach(
        COUNT,
        others,
        (count, job) ->
            count.set("id", job.id).set("waits", job.waits - less.getOrDefault(job.id, 0)));
    letGo(session, free, why, now, news);
  }

  private void letGo(Session session, List<Waiting> free, String why, long now, News news) {
    List<Waiting> due = free.stream().filter(job -> job.runAt <= now).toList();
    List<Waiting> early = free.stream().filter(job -> job.runAt > now).toList();
    letGo(session, LET_GO, JobState.PENDING, due, why, now);
    letGo(session, LET_GO_LATER, JobState.SCHEDULED, early, why, now);
    due.forEach(job -> news.arrived(job.lane, new Place(-(long) job.priority, now)));
    ranks.settle(session, due.stream().map(Waiting::id).toList(), now, news);
    if (!early.isEmpty()) {
      news.add(Signal.SCHEDULED);
    }
  }

  private void letGo(
      Session session, Sql statement, JobState to, List<Waiting> jobs, String why, long now) {
    notebook.changes(session, jobs.stream().map(Waiting::id).toList(), to, "", why, now);
    session.updateEach(statement, jobs, (go, job) -> go.set("id", job.id).set("now", now));
  }

  /** The job, which is held, has one thing less to wait for, if it waits at all. */
  void lessToWaitFor(Session session, JobId job, String why, long now, News news) {
    List<Waiting> blocked =
        IdLists.list(session, LOOK, List.of(job), Dependents::waiting).stream()
            .filter(found -> found.state == JobState.BLOCKED)
            .toList();
    count(session, blocked, Map.of(job, 1), why, now, news);
  }

  /** Cancels jobs that are BLOCKED, each for its reason. */
  void cancel(Session session, Map<JobId, String> doomed, long now) {
    doomed.forEach((job, why) -> notebook.change(session, job, JobState.CANCELLED, "", why, now));
    session.updateEach(
        CANCEL, doomed.keySet(), (cancel, job) -> cancel.set("id", job).set("now", now));
  }

  /** The job, which is held, waits for nobody any more. */
  void waitForNobody(Session session, JobId job, long now) {
    session.sql(SATISFY_ALL).set("id", job).set("now", now).update();
    session.sql(AWAIT_NO_SIGNAL).set("id", job).update();
  }
}
