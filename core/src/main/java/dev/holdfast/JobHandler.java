package dev.holdfast;

import dev.holdfast.error.NotRetryableException;
import org.jspecify.annotations.Nullable;

/**
 * User code that runs jobs of one type. Called by many threads at once, one job each. It must
 * tolerate running a job twice: a process can die after the work and before its acknowledgement.
 *
 * @param <T> the payload's type
 */
@FunctionalInterface
public interface JobHandler<T> {

  /**
   * Runs one attempt.
   *
   * @param payload the decoded payload
   * @param job the attempt's context
   * @return the result, stored as JSON; {@code null} for none; or an {@link Outcome}
   * @throws NotRetryableException if no retry can help
   * @throws Exception any other, and any error, fails the attempt; the type's policy decides on a
   *     retry. An {@link InterruptedException} after a cancellation, a time-out or a stop of the
   *     node is not a failure
   */
  @Nullable Object run(T payload, JobContext job) throws Exception;

  /**
   * A handler without a result.
   *
   * @param <T> the payload's type
   */
  @FunctionalInterface
  interface Action<T> {
    /** Like {@link JobHandler#run}, without a result. */
    void run(T payload, JobContext job) throws Exception;
  }

  /** Wraps an action as a handler without a result. */
  static <T> JobHandler<T> action(Action<T> action) {
    return (payload, job) -> {
      action.run(payload, job);
      return null;
    };
  }
}
