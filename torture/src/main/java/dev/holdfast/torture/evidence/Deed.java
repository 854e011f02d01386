package dev.holdfast.torture.evidence;

import dev.holdfast.Failure;
import dev.holdfast.JobState;
import java.util.Locale;
import java.util.Optional;

/** What a job's handler does in the end, and how the job must therefore end. */
public enum Deed {
  /** Completes at the first attempt. */
  COMPLETE(JobState.COMPLETED, Optional.empty()),
  /** Reports progress and writes to the job's log, then completes. */
  REPORT(JobState.COMPLETED, Optional.empty()),
  /** Fails a few times, fewer than it may, then completes. */
  FLAKY(JobState.COMPLETED, Optional.empty()),
  /** Asks to be run later a few times, then completes. */
  SNOOZE(JobState.COMPLETED, Optional.empty()),
  /** Fails at every attempt. */
  DOOMED(JobState.FAILED, Optional.of(Failure.Kind.ERROR)),
  /** Says that no retry can help. */
  REFUSE(JobState.FAILED, Optional.of(Failure.Kind.NOT_RETRYABLE));

  private final JobState end;
  private final Optional<Failure.Kind> failure;

  Deed(JobState end, Optional<Failure.Kind> failure) {
    this.end = end;
    this.failure = failure;
  }

  /** The job's type. */
  public String type() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The state in which the job must end, unless its process died too often. */
  public JobState end() {
    return end;
  }

  /** The kind of failure with which it must end. */
  public Optional<Failure.Kind> failure() {
    return failure;
  }
}
