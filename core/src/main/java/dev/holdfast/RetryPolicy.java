package dev.holdfast;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/** How long to wait after a failed attempt. Implementations are stateless and thread-safe. */
@FunctionalInterface
public interface RetryPolicy {

  /**
   * The delay before the attempt after {@code attempt}, or empty to give up at once. It is not
   * asked after the last attempt that the job allows.
   *
   * @param attempt the attempt that failed, from 1
   * @param random the only randomness to use
   */
  Optional<Duration> delayAfter(int attempt, RandomGenerator random);

  /** {@link ExponentialBackoff#defaults}: 1 s, doubling to at most 5 min, each ±10 %. */
  static RetryPolicy exponential() {
    return ExponentialBackoff.defaults();
  }

  /** Always the same delay. */
  static RetryPolicy fixed(Duration delay) {
    return new ExponentialBackoff(delay, 1, delay, 0);
  }

  /** No second attempt. */
  static RetryPolicy never() {
    return (attempt, random) -> Optional.empty();
  }
}
