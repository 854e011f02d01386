package dev.holdfast;

import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * Delays that grow: {@code min(maximum, initial × multiplier^(attempt−1)) × (1 ± jitter)}.
 *
 * @param initial the delay after the first attempt
 * @param multiplier by what each further one grows, at least 1
 * @param maximum the longest delay, before the jitter
 * @param jitter the part by which a delay may differ either way, 0 to 1: it keeps jobs that failed
 *     together from returning together
 */
public record ExponentialBackoff(
    Duration initial, double multiplier, Duration maximum, double jitter) implements RetryPolicy {
  /**
   * Checks all values.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public ExponentialBackoff {
    Check.that(!initial.isNegative(), "initial delay must not be negative, was %s", initial);
    Check.that(multiplier >= 1, "multiplier must be at least 1, was %s", multiplier);
    Check.that(
        maximum.compareTo(initial) >= 0 && maximum.toDays() <= Limits.DELAY_DAYS_MAX,
        "maximum delay must be between the initial %s and %d days, was %s",
        initial,
        Limits.DELAY_DAYS_MAX,
        maximum);
    Check.that(jitter >= 0 && jitter <= 1, "jitter must be 0 to 1, was %s", jitter);
  }

  /** 1 s, doubling to at most 5 min, each ±10 %. */
  public static ExponentialBackoff defaults() {
    return new ExponentialBackoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(5), 0.1);
  }

  @Override
  public Optional<Duration> delayAfter(int attempt, RandomGenerator random) {
    double grown = (double) initial.toMillis() * Math.pow(multiplier, attempt - 1.0);
    double capped = Math.min(grown, (double) maximum.toMillis());
    double jittered = capped * (1 + jitter * (2 * random.nextDouble() - 1));
    return Optional.of(Duration.ofMillis(Math.round(jittered)));
  }
}
