package dev.holdfast.jdbc.store;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Dependency;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Place;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.series.SampleDeltas;
import dev.holdfast.jdbc.sql.IdLists;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.Signal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Jobs that wait for others: as those end, they continue or are cancelled in the same transaction.
 * Each counts in its own row how many predecessors it still waits for, so that of two that end at
 * once only the later one releases it.
 */
final class Dependents {
  /**
   * Reads the open waits for a predecessor; its row is held, so that no new ones are added
   * meanwhile.
   */
  private static final Sql OPEN =
      IdLists.in(
          """
          select job_id, position, on_id, if_failed from job_waits
           where on_id in (%s) and satisfied_at is null and adopted = 1
          """);

  private static final Sql ABANDON =
      Sql.of(
          """
          update job_waits set adopted = 0 where job_id = :job_id and position = :position
          """);

  private static final Sql COUNT_LESS =
      Sql.of("update jobs set awaited = awaited - 1 where id = :id");

  private static final Sql LOOK =
      IdLists.in(
          "select id, state, waits, run_at, lane, priority, job_group from jobs where id in (%s)");

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

  /** Releases a job: it becomes due now, if not later, and is queued as a new arrival. */
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
  private final EventWriter eventWriter;

  Dependents(Dialect dialect, Ranks ranks, EventWriter eventWriter) {
    this.dialect = dialect;
    this.ranks = ranks;
    this.eventWriter = eventWriter;
  }

  /** A predecessor in its final state. */
  record Ended(JobId id, JobState state) {}

  /** A wait of a job. */
  record Wait(JobId job, int position, Dependency dependency) {}

  private record Waiting(
      JobId id,
      JobState state,
      int waits,
      long runAt,
      long lane,
      int priority,
      Optional<String> group) {}

  /** A dependent that was cancelled, with the predecessor that caused it. */
  record Doomed(JobId predecessor, Optional<String> group) {}

  /**
   * The action that ended the first predecessors.
   *
   * @param by the actor, for the histories of dependents; empty if there is none, and then the
   *     predecessor is named
   * @param counted the dependents that the result counts
   */
  record Cause(String by, Scope counted) {
    /** An end by itself, such as that of an attempt. */
    static final Cause NONE = new Cause("", Scope.all());
  }

  /**
   * The reason for cancelling a dependent, for its history.
   *
   * @param by the person, or the predecessor
   */
  record Reason(String by, String why) {
    /** Returns the reason when a predecessor ended by itself. */
    static Reason of(JobId predecessor, JobState end) {
      return new Reason(Dependents.by(predecessor), Dependents.why(predecessor, end));
    }
  }

  /** Returns the actor where no person was: the predecessor. */
  private static String by(JobId predecessor) {
    return "job " + predecessor;
  }

  private static String why(JobId predecessor, JobState end) {
    return "job %s, which it waited for, %s"
        .formatted(predecessor, end == JobState.FAILED ? "has failed" : "was cancelled");
  }

  /**
   * Applies the consequences of the end of these jobs, whose rows this transaction has changed or
   * holds: to those that wait for them, then to those that wait for jobs cancelled thereby, and so
   * on. Rows held by others are left to {@link Adoptions}.
   *
   * @return the number of dependents cancelled for each job, where there are any to count
   */
  Map<JobId, Integer> follow(Tx tx, List<Ended> ended, Cause cause) {
    Map<JobId, Integer> cancelled = new HashMap<>();
    Map<JobId, JobId> origins = new HashMap<>();
    List<Ended> next = ended;
    while (!next.isEmpty()) {
      List<Wait> waits = open(tx, next);
      Set<JobId> free = dialect.holdFree(tx, jobs(waits));
      Map<JobId, Doomed> doomed = settle(tx, next, abandon(tx, waits, free), cause);
      doomed.forEach(
          (job, one) -> {
            JobId origin = origins.getOrDefault(one.predecessor, one.predecessor);
            origins.put(job, origin);
            if (cause.counted.covers(one.group)) {
              cancelled.merge(origin, 1, Integer::sum);
            }
          });
      next = cancelled(doomed);
    }
    return cancelled;
  }

  /** Does the same in a caller's transaction, which must not hold the rows of waiting jobs. */
  void followInCallers(Tx tx, List<Ended> ended) {
    List<Ended> next = ended;
    while (!next.isEmpty()) {
      List<Wait> waits = open(tx, next);
      Set<JobId> free = dialect.keep(tx, jobs(waits));
      next = cancelled(settle(tx, next, abandon(tx, waits, free), Cause.NONE));
    }
  }

  /** Returns the ends of jobs that were cancelled. */
  static List<Ended> cancelled(Map<JobId, Doomed> doomed) {
    return doomed.keySet().stream().map(job -> new Ended(job, JobState.CANCELLED)).toList();
  }

  private static List<Wait> open(Session session, List<Ended> ended) {
    return IdLists.list(session, OPEN, ended.stream().map(Ended::id).toList(), Dependents::wait);
  }

  private static Set<JobId> jobs(List<Wait> waits) {
    return waits.stream().map(Wait::job).collect(Collectors.toCollection(TreeSet::new));
  }

  /** Marks waits whose job is not free as unadopted again, and returns the others. */
  private static List<Wait> abandon(Tx tx, List<Wait> waits, Set<JobId> free) {
    List<Wait> held = waits.stream().filter(wait -> !free.contains(wait.job)).toList();
    if (held.isEmpty()) {
      return waits;
    }
    tx.updateEach(
        ABANDON,
        held,
        (abandon, wait) -> abandon.set("job_id", wait.job).set("position", wait.position));
    tx.updateEach(COUNT_LESS, held, (count, wait) -> count.set("id", wait.dependency.on()));
    tx.postCommit().add(Signal.SCHEDULED); // the promoter adopts them
    return waits.stream().filter(wait -> free.contains(wait.job)).toList();
  }

  /**
   * Ends these waits, whose predecessors have ended; the rows of the waiting jobs are held.
   *
   * @return the cancelled jobs, each with the predecessor that caused it
   */
  Map<JobId, Doomed> settle(Tx tx, List<Ended> ended, List<Wait> waits, Cause cause) {
    if (waits.isEmpty()) {
      return Map.of();
    }
    Map<JobId, JobState> ends = new HashMap<>();
    ended.forEach(end -> ends.put(end.id, end.state));
    Set<JobId> jobs = jobs(waits);
    Map<JobId, Waiting> waiting =
        IdLists.list(tx, LOOK, jobs, Dependents::waiting).stream()
            .filter(job -> job.state == JobState.BLOCKED)
            .collect(Collectors.toMap(Waiting::id, Function.identity(), (a, b) -> a, TreeMap::new));
    Map<JobId, Doomed> doomed = new TreeMap<>();
    List<Wait> satisfied = new ArrayList<>();
    Map<JobId, Integer> less = new TreeMap<>();
    for (Wait wait : waits) {
      JobState end = requireNonNull(ends.get(wait.dependency.on()));
      if (!Predecessors.isDoom(wait.dependency, end)) {
        satisfied.add(wait);
        less.merge(wait.job, 1, Integer::sum);
      } else if (waiting.containsKey(wait.job)) {
        Optional<String> group = requireNonNull(waiting.get(wait.job)).group;
        doomed.putIfAbsent(wait.job, new Doomed(wait.dependency.on(), group));
      }
    }
    tx.updateEach(
        SATISFY,
        satisfied,
        (satisfy, wait) ->
            satisfy.set("now", tx.now()).set("job_id", wait.job).set("position", wait.position));
    waiting.keySet().removeAll(doomed.keySet());
    count(tx, waiting.values(), less, "what it waited for has ended");
    Map<JobId, Reason> reasons = new TreeMap<>();
    doomed.forEach(
        (job, one) ->
            reasons.put(
                job,
                new Reason(
                    cause.by.isEmpty() ? by(one.predecessor) : cause.by,
                    why(one.predecessor, requireNonNull(ends.get(one.predecessor))))));
    cancel(tx, reasons);
    return doomed;
  }

  static Wait wait(Row row) {
    Dependency dependency =
        new Dependency(new JobId(row.id(3)), OnPredecessorFailure.valueOf(row.text(4)));
    return new Wait(new JobId(row.id(1)), row.count(2), dependency);
  }

  private static Waiting waiting(Row row) {
    return new Waiting(
        new JobId(row.id(1)),
        JobState.valueOf(row.text(2)),
        row.count(3),
        row.number(4),
        row.number(5),
        row.count(6),
        row.maybeText("job_group"));
  }

  private void count(Tx tx, Iterable<Waiting> waiting, Map<JobId, Integer> less, String why) {
    List<Waiting> free = new ArrayList<>();
    List<Waiting> others = new ArrayList<>();
    for (Waiting job : waiting) {
      int left = job.waits - less.getOrDefault(job.id, 0);
      (left > 0 ? others : free).add(job);
    }
    tx.updateEach(
        COUNT,
        others,
        (count, job) ->
            count.set("id", job.id).set("waits", job.waits - less.getOrDefault(job.id, 0)));
    letGo(tx, free, why);
  }

  private void letGo(Tx tx, List<Waiting> free, String why) {
    List<Waiting> due = free.stream().filter(job -> job.runAt <= tx.now()).toList();
    List<Waiting> early = free.stream().filter(job -> job.runAt > tx.now()).toList();
    letGo(tx, LET_GO, JobState.PENDING, due, why);
    letGo(tx, LET_GO_LATER, JobState.SCHEDULED, early, why);
    due.forEach(
        job -> tx.postCommit().arrived(job.lane, new Place(-(long) job.priority, tx.now())));
    ranks.settle(tx, due.stream().map(Waiting::id).toList());
    if (!early.isEmpty()) {
      tx.postCommit().add(Signal.SCHEDULED);
    }
  }

  private void letGo(Tx tx, Sql statement, JobState to, List<Waiting> jobs, String why) {
    eventWriter.changes(tx, jobs.stream().map(Waiting::id).toList(), to, "", why);
    tx.updateEach(statement, jobs, (go, job) -> go.set("id", job.id).set("now", tx.now()));
  }

  /** Decrements what the job, whose row is held, waits for, if it waits at all. */
  void lessToWaitFor(Tx tx, JobId job, String why) {
    List<Waiting> blocked =
        IdLists.list(tx, LOOK, List.of(job), Dependents::waiting).stream()
            .filter(found -> found.state == JobState.BLOCKED)
            .toList();
    count(tx, blocked, Map.of(job, 1), why);
  }

  /** Cancels BLOCKED jobs, each with its reason. */
  void cancel(Tx tx, Map<JobId, Reason> doomed) {
    doomed.forEach(
        (job, reason) -> eventWriter.change(tx, job, JobState.CANCELLED, reason.by, reason.why));
    tx.updateEach(
        CANCEL, doomed.keySet(), (cancel, job) -> cancel.set("id", job).set("now", tx.now()));
    SampleDeltas.ended(tx, doomed.keySet(), JobState.CANCELLED);
  }

  /** Removes all remaining waits of the job, whose row is held. */
  void waitForNobody(Tx tx, JobId job) {
    tx.sql(SATISFY_ALL).set("id", job).set("now", tx.now()).update();
    tx.sql(AWAIT_NO_SIGNAL).set("id", job).update();
  }
}
