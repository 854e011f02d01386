package dev.holdfast;

import static java.util.Objects.requireNonNull;

import java.util.EnumSet;
import java.util.Map;
import java.util.Set;

/**
 * The states of a job, and {@linkplain #mayBecome the one table of allowed changes}.
 *
 * <p>A job is runnable ({@link #PENDING}), waits for something known ({@link #SCHEDULED}, {@link
 * #BLOCKED}) or someone ({@link #INTERRUPTED}), is held under a lease ({@link #RUNNING}), or is
 * finished.
 */
public enum JobState {
  /** Waits for its time: a delay, the back-off of a retry, a snooze. */
  SCHEDULED,
  /** Waits for other jobs or a signal. */
  BLOCKED,
  /** Runnable: a free worker claims it. */
  PENDING,
  /** Held by a node under a lease. */
  RUNNING,
  /** Finished; its result is stored. */
  COMPLETED,
  /** Dead letter: the kind of its {@link Failure} tells why. An operator may retry it. */
  FAILED,
  /** Held for review: an operator resumes or discards it. */
  INTERRUPTED,
  /** Ended before it completed, on request. */
  CANCELLED;

  private static final Map<JobState, Set<JobState>> NEXT =
      Map.of(
          SCHEDULED, EnumSet.of(PENDING, CANCELLED),
          BLOCKED, EnumSet.of(PENDING, SCHEDULED, COMPLETED, FAILED, CANCELLED),
          PENDING, EnumSet.of(RUNNING, SCHEDULED, CANCELLED),
          RUNNING,
              EnumSet.of(PENDING, SCHEDULED, BLOCKED, COMPLETED, FAILED, INTERRUPTED, CANCELLED),
          COMPLETED, EnumSet.noneOf(JobState.class),
          FAILED, EnumSet.of(PENDING),
          INTERRUPTED, EnumSet.of(PENDING, COMPLETED, CANCELLED),
          CANCELLED, EnumSet.of(PENDING));

  /** Returns whether a job may go directly from this state to {@code next}. */
  public boolean mayBecome(JobState next) {
    return successors().contains(next);
  }

  /** Returns the states that a job may reach from this one in a single change; a copy. */
  public Set<JobState> successors() {
    return EnumSet.copyOf(requireNonNull(NEXT.get(this)));
  }

  /** Returns whether the job has ended: nothing more happens to it unless an operator acts. */
  public boolean isFinished() {
    return this == COMPLETED || this == FAILED || this == CANCELLED;
  }
}
