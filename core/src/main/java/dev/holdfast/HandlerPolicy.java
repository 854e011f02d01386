package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.util.Optional;

/**
 * The policies for jobs of one type.
 *
 * @param retry the delays between attempts
 * @param recovery decides what happens to a job whose process died or was stopped while it ran; a
 *     {@link RecoveryPolicy}, or custom code
 * @param timeout maximum run time of an attempt, for jobs without a timeout of their own
 * @param maxCrashes a job whose process died this often while it ran is failed; default {@link
 *     Limits#CRASHES_MAX}
 * @param maxLapses a job whose node missed its heartbeats this often while it ran is failed;
 *     default {@link Limits#LAPSES_MAX}
 * @param exclusive whether no two handlers of a job may ever run at once, not even when a node is
 *     cut off from the database; default false
 */
public record HandlerPolicy(
    RetryPolicy retry,
    RecoveryStrategy recovery,
    Optional<Duration> timeout,
    int maxCrashes,
    int maxLapses,
    boolean exclusive) {
  /** The shortest time-out. */
  public static final Duration TIMEOUT_MIN = Duration.ofMillis(1);

  /** The longest time-out. */
  public static final Duration TIMEOUT_MAX = Duration.ofDays(Limits.DELAY_DAYS_MAX);

  /**
   * Checks the time-out and the limits.
   *
   * @throws InvalidRequestException if the time-out is not positive, or longer than {@link
   *     Limits#DELAY_DAYS_MAX} days; if a limit is not 1 to {@link Limits#LOSSES_MAX}
   */
  public HandlerPolicy {
    Check.range("limit of crashes", maxCrashes, 1, Limits.LOSSES_MAX);
    Check.range("limit of lapses", maxLapses, 1, Limits.LOSSES_MAX);
    timeout.ifPresent(limit -> Check.range("time-out", limit, TIMEOUT_MIN, TIMEOUT_MAX));
  }

  /**
   * Returns the defaults: exponential backoff, {@link RecoveryPolicy#RESUME}, no timeout, not
   * exclusive.
   */
  public static HandlerPolicy defaults() {
    return new HandlerPolicy(
        RetryPolicy.exponential(),
        RecoveryPolicy.RESUME,
        Optional.empty(),
        Limits.CRASHES_MAX,
        Limits.LAPSES_MAX,
        false);
  }

  /** Returns this policy with other delays between attempts. */
  public HandlerPolicy retry(RetryPolicy newRetry) {
    return new HandlerPolicy(newRetry, recovery, timeout, maxCrashes, maxLapses, exclusive);
  }

  /** Returns this policy with another recovery. */
  public HandlerPolicy recovery(RecoveryStrategy newRecovery) {
    return new HandlerPolicy(retry, newRecovery, timeout, maxCrashes, maxLapses, exclusive);
  }

  /** Returns this policy with another timeout for jobs without one of their own. */
  public HandlerPolicy timeout(Duration newTimeout) {
    return new HandlerPolicy(
        retry, recovery, Optional.of(newTimeout), maxCrashes, maxLapses, exclusive);
  }

  /** Fails jobs whose process died this often while they ran. */
  public HandlerPolicy maxCrashes(int limit) {
    return new HandlerPolicy(retry, recovery, timeout, limit, maxLapses, exclusive);
  }

  /** Fails jobs whose node missed its heartbeats this often while they ran. */
  public HandlerPolicy maxLapses(int limit) {
    return new HandlerPolicy(retry, recovery, timeout, maxCrashes, limit, exclusive);
  }

  /**
   * Never runs two handlers of a job at once: a handler is interrupted a fifth of the lease before
   * the lease ends, and another machine starts the job only when the lease has ended. Without it, a
   * handler goes on while its node cannot reach the database, until the node learns that the job
   * was taken from it.
   */
  public HandlerPolicy exclusively() {
    return new HandlerPolicy(retry, recovery, timeout, maxCrashes, maxLapses, true);
  }
}
