package dev.holdfast.testkit;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobState;
import java.util.Optional;
import org.assertj.core.api.AbstractAssert;

/** Assertions on a job that read as sentences. */
public final class JobAssert extends AbstractAssert<JobAssert, Job> {

  private JobAssert(Job job) {
    super(job, JobAssert.class);
  }

  /** Creates assertions for {@code job}. */
  public static JobAssert assertThat(Job job) {
    return new JobAssert(job);
  }

  /** Checks that it is scheduled. */
  public JobAssert isScheduled() {
    return isIn(JobState.SCHEDULED);
  }

  /** Checks that it is pending. */
  public JobAssert isPending() {
    return isIn(JobState.PENDING);
  }

  /** Checks that it is running. */
  public JobAssert isRunning() {
    return isIn(JobState.RUNNING);
  }

  /** Checks that it is completed. */
  public JobAssert isCompleted() {
    return isIn(JobState.COMPLETED);
  }

  /** Checks that it failed for good, with this kind of failure. */
  public JobAssert isFailedBy(Failure.Kind kind) {
    isIn(JobState.FAILED);
    return holds(
        actual.failure().map(Failure::kind).equals(Optional.of(kind)), "to be failed by " + kind);
  }

  /** Checks that it is cancelled. */
  public JobAssert isCancelled() {
    return isIn(JobState.CANCELLED);
  }

  /** Checks that it is interrupted, and held for review. */
  public JobAssert isInterrupted() {
    return isIn(JobState.INTERRUPTED);
  }

  /** Checks the number of used attempts. */
  public JobAssert hasAttempts(int attempts) {
    return holds(actual.attempt() == attempts, "to have %d attempts".formatted(attempts));
  }

  /** Checks the number of lapses. */
  public JobAssert hasLapses(int lapses) {
    return holds(actual.lapses() == lapses, "to have %d lapses".formatted(lapses));
  }

  /** Checks the number of crashes. */
  public JobAssert hasCrashes(int crashes) {
    return holds(actual.crashes() == crashes, "to have %d crashes".formatted(crashes));
  }

  /** Its result is this JSON. */
  public JobAssert hasResult(String json) {
    return holds(actual.result().equals(Optional.of(json)), "to have the result " + json);
  }

  private JobAssert isIn(JobState state) {
    return holds(actual.state() == state, "to be " + state);
  }

  private JobAssert holds(boolean holds, String expectation) {
    if (!holds) {
      failWithMessage("Expected job %s %s, but it is: %s", actual.id(), expectation, actual);
    }
    return this;
  }
}
