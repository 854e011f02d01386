package dev.holdfast;

import java.time.Duration;
import java.util.Optional;

/**
 * How jobs of one type are treated.
 *
 * @param retry the delays between attempts
 * @param recovery decides what becomes of a job whose process died or was stopped while it ran; a
 *     {@link RecoveryPolicy}, or code of one's own
 * @param timeout how long an attempt may run, for jobs that don't say it themselves
 */
public record HandlerPolicy(
    RetryPolicy retry, RecoveryStrategy recovery, Optional<Duration> timeout) {
  /** The shortest time-out. */
  public static final Duration TIMEOUT_MIN = Duration.ofMillis(1);

  /** The longest time-out. */
  public static final Duration TIMEOUT_MAX = Duration.ofDays(Limits.DELAY_DAYS_MAX);

  /**
   * Checks the time-out.
   *
   * @throws InvalidRequestException if it is not positive, or longer than {@link
   *     Limits#DELAY_DAYS_MAX} days
   */
  public HandlerPolicy {
    timeout.ifPresent(limit -> Check.range("time-out", limit, TIMEOUT_MIN, TIMEOUT_MAX));
  }

  /** Exponential back-off, {@link RecoveryPolicy#RESUME}, no time-out. */
  public static HandlerPolicy defaults() {
    return new HandlerPolicy(RetryPolicy.exponential(), RecoveryPolicy.RESUME, Optional.empty());
  }

  /** With these delays between attempts. */
  public HandlerPolicy retry(RetryPolicy newRetry) {
    return new HandlerPolicy(newRetry, recovery, timeout);
  }

  /** With this recovery. */
  public HandlerPolicy recovery(RecoveryStrategy newRecovery) {
    return new HandlerPolicy(retry, newRecovery, timeout);
  }

  /** With this time-out for jobs that have none of their own. */
  public HandlerPolicy timeout(Duration newTimeout) {
    return new HandlerPolicy(retry, recovery, Optional.of(newTimeout));
  }
}
