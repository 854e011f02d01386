package dev.holdfast.torture.evidence;

import dev.holdfast.Failure;
import dev.holdfast.HandlerPolicy;
import dev.holdfast.JobState;
import java.util.Locale;
import java.util.Optional;

/** The behaviour of a job's handler, with the state in which the job must end. */
public enum Behaviour {
  /** Completes at the first attempt. */
  COMPLETE(JobState.COMPLETED, Optional.empty()),
  /** Completes at the first attempt, and never runs twice at once. */
  EXCLUSIVE(JobState.COMPLETED, Optional.empty()),
  /** Reports progress and writes to the job's log, then completes. */
  REPORT(JobState.COMPLETED, Optional.empty()),
  /** Writes a row and completes in one transaction of its own. */
  TRANSACT(JobState.COMPLETED, Optional.empty()),
  /** Fails a few times, fewer than it may, then completes. */
  FLAKY(JobState.COMPLETED, Optional.empty()),
  /** Snoozes a few times, then completes. */
  SNOOZE(JobState.COMPLETED, Optional.empty()),
  /** Fails at every attempt. */
  DOOMED(JobState.FAILED, Optional.of(Failure.Kind.ERROR)),
  /** Fails as not retryable. */
  REFUSE(JobState.FAILED, Optional.of(Failure.Kind.NOT_RETRYABLE));

  private final JobState end;
  private final Optional<Failure.Kind> failure;

  Behaviour(JobState end, Optional<Failure.Kind> failure) {
    this.end = end;
    this.failure = failure;
  }

  /** Returns the job's type. */
  public String type() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Returns the policy of the type. */
  public HandlerPolicy policy() {
    HandlerPolicy policy = HandlerPolicy.defaults();
    return this == EXCLUSIVE ? policy.exclusively() : policy;
  }

  /** Returns the state in which the job must end, unless its process died too often. */
  public JobState end() {
    return end;
  }

  /** Returns the kind of failure with which it must end. */
  public Optional<Failure.Kind> failure() {
    return failure;
  }
}
