package dev.holdfast.spi;

import dev.holdfast.Enqueued;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.Predecessor;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.step.Step;
import dev.holdfast.step.StepKind;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds cycles of jobs that wait for each other through a step. New jobs alone make none, so only
 * jobs that existed before are followed.
 */
public final class StepCycle {
  /** The number of jobs that are followed; cycles beyond them are not found. */
  private static final int JOBS_MAX = 10_000;

  private final JobStore store;
  private final Set<JobId> seen = new HashSet<>();
  private final Deque<JobId> next = new ArrayDeque<>();

  private StepCycle(JobStore store) {
    this.store = store;
  }

  /**
   * Checks that none of the jobs that a step is about to wait for waits for the job of the step,
   * directly or through others.
   *
   * @param jobs the jobs that the step enqueued
   * @param enqueued the results of that, in the same order
   * @throws InvalidRequestException if one does
   */
  public static void check(
      JobStore store, JobId job, String step, List<NewJob> jobs, List<Enqueued> enqueued) {
    StepCycle cycle = new StepCycle(store);
    for (int i = 0; i < jobs.size(); i++) {
      if (enqueued.get(i).duplicate()) {
        cycle.follow(enqueued.get(i).id());
      } else {
        jobs.get(i).waits().jobs().forEach(dependency -> cycle.follow(dependency.on()));
      }
    }
    if (cycle.reaches(job)) {
      throw new InvalidRequestException(
          "step '%s' would never end: one of its jobs, or one that it waits for, waits for job %s, the job of the step"
              .formatted(step, job));
    }
  }

  private void follow(JobId id) {
    if (seen.size() < JOBS_MAX && seen.add(id)) {
      next.add(id);
    }
  }

  private boolean reaches(JobId job) {
    while (!next.isEmpty() && !seen.contains(job)) {
      JobId id = next.remove();
      followFrom(id, 0);
      for (Step step : store.steps().of(id).steps()) {
        if (step.kind() == StepKind.JOBS && !step.isFinished()) {
          followFrom(id, StepWait.firstPosition(step.position()));
        }
      }
    }
    return seen.contains(job);
  }

  private void followFrom(JobId id, int from) {
    List<Predecessor> part = store.lookup().predecessors(id, from, Limits.PAGE_MAX);
    part.stream().filter(Predecessor::isOpen).forEach(one -> follow(one.id()));
    boolean hasMore = part.size() == Limits.PAGE_MAX && seen.size() < JOBS_MAX;
    int end = StepWait.positionsEnd(from);
    int last = part.isEmpty() ? end : part.get(part.size() - 1).position() + 1;
    if (hasMore && last < end) {
      followFrom(id, last);
    }
  }
}
