package dev.holdfast;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** The delays between failed attempts. Implementations are stateless and thread-safe. */
@FunctionalInterface
public interface RetryPolicy {

  /**
   * Returns the delay after a failed attempt, or empty to give up at once. Not called after the
   * last attempt that the job allows.
   *
   * @param attempt the attempt that failed, from 1
   * @param random the only randomness to use
   */
  Optional<Duration> delayAfter(int attempt, RandomGenerator random);

  /**
   * Returns {@link ExponentialBackoff#defaults}: 1 s, doubling to at most 5 min, each ±10 %. Its
   * methods change that: {@code exponential().from(…).times(2).upTo(…).jitter(0.1)}.
   */
  static ExponentialBackoff exponential() {
    return ExponentialBackoff.defaults();
  }

  /** Returns a policy with a constant delay. */
  static RetryPolicy fixed(Duration delay) {
    return RetryPolicy.exponential().from(delay).times(1).upTo(delay).jitter(0);
  }

  /** Returns a policy without retries. */
  static RetryPolicy none() {
    return (attempt, random) -> Optional.empty();
  }
}
