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

  /** What follows is asserted of {@code job}. */
  public static JobAssert assertThat(Job job) {
    return new JobAssert(job);
  }

  /** It waits for its time. */
  public JobAssert isScheduled() {
    return isIn(JobState.SCHEDULED);
  }

  /** It is runnable. */
  public JobAssert isPending() {
    return isIn(JobState.PENDING);
  }

  /** A node holds it. */
  public JobAssert isRunning() {
    return isIn(JobState.RUNNING);
  }

  /** It is done. */
  public JobAssert isCompleted() {
    return isIn(JobState.COMPLETED);
  }

  /** It failed for good, in this way. */
  public JobAssert isFailedBy(Failure.Kind kind) {
    isIn(JobState.FAILED);
    return holds(
        actual.failure().map(Failure::kind).equals(Optional.of(kind)), "to be failed by " + kind);
  }

  /** It was cancelled. */
  public JobAssert isCancelled() {
    return isIn(JobState.CANCELLED);
  }

  /** It is set aside for review. */
  public JobAssert isInterrupted() {
    return isIn(JobState.INTERRUPTED);
  }

  /** So many attempts were used up. */
  public JobAssert hasAttempts(int attempts) {
    return holds(actual.attempt() == attempts, "to have %d attempts".formatted(attempts));
  }

  /** So many crashes were counted. */
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
