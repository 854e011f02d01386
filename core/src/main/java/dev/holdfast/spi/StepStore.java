package dev.holdfast.spi;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.Transaction;
import dev.holdfast.check.Printable;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.step.Step;
import dev.holdfast.step.StepKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The steps of jobs. A step that waits is begun by {@link Transition.Suspend}, with the end of the
 * attempt; all others are recorded here when they have finished.
 */
public interface StepStore {
  /** The number of steps that the message about an unknown one names. */
  int NAMED_MAX = 10;

  /** Returns the steps of a job by position; none if there is no such job. */
  Recorded of(JobId job);

  /**
   * Records a finished step, which may be repeated; a step that waited keeps its start.
   *
   * @throws dev.holdfast.error.StaleLeaseException if the lease has ended; nothing was recorded
   */
  void finish(Lease lease, Finished step);

  /**
   * Does the same as a part of the holder's own transaction, which keeps others from changing the
   * job until it ends.
   *
   * @throws dev.holdfast.error.StaleLeaseException if the lease has ended; nothing was recorded
   * @throws dev.holdfast.error.InvalidRequestException if the transaction is of another kind
   */
  void finish(Transaction transaction, Lease lease, Finished step);

  /**
   * Retries a job like {@link JobStore#retry}, and forgets a step and all later ones: with them,
   * the {@linkplain StepWait#keys idempotency keys} that they gave to jobs. Signals that were sent
   * are kept.
   *
   * @throws dev.holdfast.error.NotFoundException if the job has no such step; nothing was changed
   */
  Changed retryFrom(JobId job, String step, String by);

  /** Returns the exception for a step that a job does not have, among these that it has. */
  static NotFoundException noStep(JobId job, String step, List<String> names) {
    if (names.isEmpty()) {
      return new NotFoundException("job %s has no step".formatted(job));
    }
    int shown = Math.min(names.size(), NAMED_MAX);
    String more = shown < names.size() ? " and %,d more".formatted(names.size() - shown) : "";
    return new NotFoundException(
        "job %s has no step %s, only %s%s"
            .formatted(
                job, Printable.quoted(step), String.join(", ", names.subList(0, shown)), more));
  }

  /**
   * The steps of a job.
   *
   * @param steps the steps, by position
   * @param at when they were read, by the store's clock
   */
  record Recorded(List<Step> steps, Instant at) {
    /** Copies the list. */
    public Recorded {
      steps = List.copyOf(steps);
    }
  }

  /**
   * A step that has finished.
   *
   * @param name its name
   * @param kind its kind
   * @param result its result as JSON; for jobs, empty
   * @param ran how long its code ran; zero for one that waited
   */
  record Finished(String name, StepKind kind, Optional<String> result, Duration ran) {}
}
