package dev.holdfast.jdbc.store;

import static java.util.Comparator.comparing;
import static java.util.Objects.requireNonNull;

import dev.holdfast.Dependency;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.Predecessor;
import dev.holdfast.SignalWait;
import dev.holdfast.Waits;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.JobLanes;
import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Bound;
import dev.holdfast.jdbc.sql.IdLists;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.StepWait;
import dev.holdfast.spi.record.JobDraft;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.ToLongFunction;

/**
 * Writes what new jobs wait for. The predecessors' rows are held meanwhile, and marked, so that the
 * statement which ends one knows from its row alone that a job waits for it. A mark in another
 * table would be older than the rows that the statement had to wait for. Predecessors that others
 * hold, and all of them in a caller's transaction, are only protected from deletion; {@link
 * Adoptions} marks them.
 */
final class Predecessors {
  private static final Sql LOOK =
      IdLists.in("select id, state, awaited from jobs where id in (%s)");

  private static final Sql PUT =
      Sql.of(
          """
          insert into job_waits (job_id, position, on_id, if_failed, satisfied_at, adopted)
          values (:job_id, :position, :on_id, :if_failed, :satisfied_at, :adopted)
          """);

  /** Makes a job wait for a job of a step; if it did so before, it waits again. */
  private static final Sql PUT_STEP =
      Sql.of(
          """
          insert into job_waits (job_id, position, on_id, if_failed, satisfied_at, adopted)
          values (:job_id, :position, :on_id, :if_failed, :satisfied_at, :adopted)
          on conflict (job_id, position) do update
             set satisfied_at = excluded.satisfied_at, adopted = excluded.adopted
          """);

  private static final Sql COUNT = Sql.of("update jobs set waits = :waits where id = :id");

  private static final Sql MARK =
      Sql.of("update jobs set awaited = awaited + :more where id = :id");

  private static final Sql LIST =
      Sql.of(
          """
          select w.position, w.on_id, p.type, p.state, p.result, w.if_failed, w.satisfied_at
            from job_waits w join jobs p on p.id = w.on_id
           where w.job_id = :id and w.position >= :from_position and w.position < :end_position
           order by w.position limit :limit
          """);

  private static final Sql LIST_OPEN =
      Sql.of(
          """
          select w.position, w.on_id, p.type, p.state, p.result, w.if_failed, w.satisfied_at
            from job_waits w join jobs p on p.id = w.on_id
           where w.job_id = :id and w.satisfied_at is null
           order by w.position limit :limit
          """);

  private final Dialect dialect;
  private final JobLanes lanes;
  private final Dependents dependents;

  Predecessors(Dialect dialect, JobLanes lanes, Dependents dependents) {
    this.dialect = dialect;
    this.lanes = lanes;
    this.dependents = dependents;
  }

  private record Known(JobState state, int awaited) {}

  private record Wait(
      JobId job, int position, Dependency dependency, boolean isSatisfied, boolean isAdopted) {
    private JobId on() {
      return dependency.on();
    }
  }

  /** The jobs of one call, as their waits are resolved. */
  private static final class Written {
    private final Map<JobId, Known> known = new HashMap<>();
    private final Set<JobId> held = new HashSet<>(); // those whose rows can be marked
    private final List<JobDraft> rows = new ArrayList<>();
    private final List<JobDraft> free = new ArrayList<>();
    private final List<Wait> waits = new ArrayList<>();
    private final Map<JobId, Integer> open = new TreeMap<>();
    private final Map<JobId, Integer> marks = new TreeMap<>(); // in the order of ids, as all locks
    private final Map<JobId, SignalWait> signals = new TreeMap<>();
    private final Map<JobId, Dependents.Reason> doomed = new TreeMap<>();
  }

  static boolean isNeeded(List<JobDraft> drafts) {
    return drafts.stream().anyMatch(draft -> !draft.waits().isNone());
  }

  /**
   * Writes new jobs, some of which wait.
   *
   * @param drafts each after those that it waits for
   * @param firsts jobs of the same call that are replaced by an existing job with their key
   * @param ranks the rank of each
   * @param isCallers whether it is a caller's transaction, which must not hold rows of predecessors
   * @return the jobs that need not wait
   */
  List<JobDraft> insert(
      Tx tx,
      List<JobDraft> drafts,
      Map<JobId, JobId> firsts,
      ToLongFunction<JobDraft> ranks,
      boolean isCallers) {
    Written written = new Written();
    look(tx, drafts, firsts, isCallers, written);
    for (JobDraft draft : drafts) {
      Known before = draft.waits().isNone() ? null : written.known.get(draft.id());
      if (before != null) {
        written.rows.add(draft.waits(Waits.none())); // by an earlier try: this one changes nothing
      } else {
        judge(draft, firsts, written);
      }
    }
    dialect.insert(tx, written.rows, lanes, ranks);
    tx.updateEach(PUT, written.waits, (put, wait) -> bind(put, wait, tx.now()));
    written.signals.forEach((job, signal) -> JobSignals.await(tx, job, signal));
    tx.updateEach(
        COUNT,
        written.open.entrySet(),
        (count, job) -> count.set("id", job.getKey()).set("waits", job.getValue()));
    tx.updateEach(
        MARK,
        written.marks.entrySet(),
        (mark, job) -> mark.set("id", job.getKey()).set("more", job.getValue()));
    dependents.cancel(tx, written.doomed);
    if (written.waits.stream().anyMatch(wait -> !wait.isAdopted)) {
      tx.postCommit().add(Signal.SCHEDULED); // the promoter adopts them
    }
    return written.free;
  }

  /**
   * Makes a job, which is held and has become BLOCKED with one wait, wait for these jobs instead.
   *
   * @param from the position of the first one
   */
  void await(Tx tx, JobId job, int from, List<JobId> jobs) {
    Set<JobId> held = new HashSet<>(dialect.holdFree(tx, jobs));
    Set<JobId> others = new HashSet<>(jobs);
    others.removeAll(held);
    held.addAll(dialect.keep(tx, others));
    Map<JobId, JobState> states = new HashMap<>();
    IdLists.list(
        tx, LOOK, jobs, row -> states.put(new JobId(row.id(1)), JobState.valueOf(row.text(2))));
    List<Wait> waits = new ArrayList<>();
    for (int i = 0; i < jobs.size(); i++) {
      JobState state = states.get(jobs.get(i));
      if (state != null) {
        Dependency dependency = new Dependency(jobs.get(i), OnPredecessorFailure.RUN);
        waits.add(
            new Wait(job, from + i, dependency, state.isFinished(), held.contains(jobs.get(i))));
      }
    }
    tx.updateEach(PUT_STEP, waits, (put, wait) -> bind(put, wait, tx.now()));
    tx.updateEach(
        MARK,
        waits.stream().filter(Wait::isAdopted).sorted(comparing(Wait::on)).toList(),
        (mark, wait) -> mark.set("id", wait.on()).set("more", 1));
    int open = (int) waits.stream().filter(wait -> !wait.isSatisfied).count();
    tx.sql(COUNT).set("id", job).set("waits", open + 1).update();
    dependents.lessToWaitFor(tx, job, "what it waited for has ended");
    if (waits.stream().anyMatch(wait -> !wait.isAdopted)) {
      tx.postCommit().add(Signal.SCHEDULED); // the promoter adopts them
    }
  }

  /** Locks the existing, free predecessors, protects the others, and reads all. */
  private void look(
      Tx tx, List<JobDraft> drafts, Map<JobId, JobId> firsts, boolean isCallers, Written written) {
    Set<JobId> ids = new HashSet<>();
    for (JobDraft draft : drafts) {
      if (!draft.waits().isNone()) {
        ids.add(draft.id());
        draft.waits().jobs().forEach(dependency -> ids.add(resolved(dependency, firsts)));
      }
    }
    if (!isCallers) {
      written.held.addAll(dialect.holdFree(tx, ids));
    }
    Set<JobId> others = new HashSet<>(ids);
    others.removeAll(written.held);
    written.held.addAll(dialect.keep(tx, others));
    IdLists.list(
        tx,
        LOOK,
        ids,
        row ->
            written.known.put(
                new JobId(row.id(1)), new Known(JobState.valueOf(row.text(2)), row.count(3))));
  }

  private static JobId resolved(Dependency dependency, Map<JobId, JobId> firsts) {
    return firsts.getOrDefault(dependency.on(), dependency.on());
  }

  private static void judge(JobDraft draft, Map<JobId, JobId> firsts, Written written) {
    int position = 0;
    int open = 0;
    for (Dependency given : draft.waits().jobs()) {
      Dependency dependency = new Dependency(resolved(given, firsts), given.ifFailed());
      Known predecessor = written.known.get(dependency.on());
      if (predecessor == null) {
        throw new InvalidRequestException(
            "job %s is to wait for job %s, which does not exist: enqueue that one first, or in the same call"
                .formatted(draft.id(), dependency.on()));
      }
      boolean isAdopted = written.held.contains(dependency.on());
      mark(dependency.on(), predecessor, isAdopted, written);
      boolean isDoom = isDoom(dependency, predecessor.state);
      boolean isSatisfied = predecessor.state.isFinished() && !isDoom;
      if (isDoom) {
        written.doomed.putIfAbsent(
            draft.id(), Dependents.Reason.of(dependency.on(), predecessor.state));
      }
      open += isSatisfied ? 0 : 1;
      written.waits.add(new Wait(draft.id(), position, dependency, isSatisfied, isAdopted));
      position++;
    }
    open += draft.waits().signal().isPresent() ? 1 : 0;
    boolean isDoomed = written.doomed.containsKey(draft.id());
    if (open == 0) {
      written.free.add(draft);
    } else {
      written.open.put(draft.id(), open);
    }
    draft.waits().signal().ifPresent(signal -> written.signals.put(draft.id(), signal));
    written.rows.add(open == 0 ? draft.waits(Waits.none()) : draft);
    written.held.add(draft.id());
    written.known.put(draft.id(), new Known(isDoomed ? JobState.CANCELLED : JobState.BLOCKED, 0));
  }

  static boolean isDoom(Dependency dependency, JobState predecessor) {
    return dependency.ifFailed() == OnPredecessorFailure.CANCEL
        && (predecessor == JobState.FAILED || predecessor == JobState.CANCELLED);
  }

  private static void mark(JobId job, Known known, boolean isAdopted, Written written) {
    int more = isAdopted ? requireNonNull(written.marks.merge(job, 1, Integer::sum)) : 1;
    if (known.awaited + more > Limits.DEPENDENCIES_MAX) {
      throw new InvalidRequestException(
          "more than %,d jobs would wait for job %s: add an intermediate job for some of them"
              .formatted(Limits.DEPENDENCIES_MAX, job));
    }
  }

  private static void bind(Bound put, Wait wait, long now) {
    put.set("job_id", wait.job)
        .set("position", wait.position)
        .set("on_id", wait.dependency.on())
        .set("if_failed", wait.dependency.ifFailed().name())
        .set("satisfied_at", wait.isSatisfied ? Optional.of(now) : Optional.empty())
        .set("adopted", wait.isAdopted ? 1 : 0);
  }

  static List<Predecessor> list(Session session, JobId id, int from, int limit) {
    return session
        .sql(LIST)
        .set("id", id)
        .set("from_position", from)
        .set("end_position", StepWait.positionsEnd(from))
        .set("limit", limit)
        .list(Predecessors::predecessor);
  }

  static List<Predecessor> open(Session session, JobId id, int limit) {
    return session.sql(LIST_OPEN).set("id", id).set("limit", limit).list(Predecessors::predecessor);
  }

  private static Predecessor predecessor(Row row) {
    return new Predecessor(
        row.count(1),
        new JobId(row.id(2)),
        row.text(3),
        JobState.valueOf(row.text(4)),
        row.maybeText(5),
        OnPredecessorFailure.valueOf(row.text(6)),
        row.maybeNumber(7).isEmpty());
  }
}
