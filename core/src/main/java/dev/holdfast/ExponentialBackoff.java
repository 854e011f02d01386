package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Delays that grow: {@code min(maximum, initial × multiplier^(attempt−1)) × (1 ± jitter)}.
 * Immutable; each method with an argument returns a changed copy, and throws an {@link
 * dev.holdfast.error.InvalidRequestException} that names the value and what was expected.
 */
public final class ExponentialBackoff implements RetryPolicy {
  private static final ExponentialBackoff DEFAULTS =
      new ExponentialBackoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(5), 0.1);

  private final Duration initial;
  private final double multiplier;
  private final Duration maximum;
  private final double jitter;

  private ExponentialBackoff(Duration initial, double multiplier, Duration maximum, double jitter) {
    Check.that(!initial.isNegative(), "initial delay must not be negative, was %s", initial);
    Check.that(multiplier >= 1, "multiplier must be at least 1, was %s", multiplier);
    Check.that(
        maximum.compareTo(initial) >= 0 && maximum.toDays() <= Limits.DELAY_DAYS_MAX,
        "maximum delay must be between the initial %s and %d days, was %s",
        initial,
        Limits.DELAY_DAYS_MAX,
        maximum);
    Check.that(jitter >= 0 && jitter <= 1, "jitter must be 0 to 1, was %s", jitter);
    this.initial = initial;
    this.multiplier = multiplier;
    this.maximum = maximum;
    this.jitter = jitter;
  }

  /** Returns the default: 1 s, doubling to at most 5 min, each ±10 %. */
  public static ExponentialBackoff defaults() {
    return DEFAULTS;
  }

  /**
   * Sets the delay after the first attempt. A longest delay that is shorter is raised to it, so
   * name that after this.
   */
  public ExponentialBackoff from(Duration newInitial) {
    Duration longest = maximum.compareTo(newInitial) >= 0 ? maximum : newInitial;
    return new ExponentialBackoff(newInitial, multiplier, longest, jitter);
  }

  /** Sets the growth factor of each further delay, at least 1. */
  public ExponentialBackoff times(double newMultiplier) {
    return new ExponentialBackoff(initial, newMultiplier, maximum, jitter);
  }

  /** Sets the longest delay, before the jitter. */
  public ExponentialBackoff upTo(Duration newMaximum) {
    return new ExponentialBackoff(initial, multiplier, newMaximum, jitter);
  }

  /**
   * Sets the random variation of a delay in either direction, 0 to 1: jobs that failed together do
   * not return together.
   */
  public ExponentialBackoff jitter(double newJitter) {
    return new ExponentialBackoff(initial, multiplier, maximum, newJitter);
  }

  /** Returns the delay after the first attempt. */
  public Duration initial() {
    return initial;
  }

  /** Returns the growth factor of each further delay. */
  public double multiplier() {
    return multiplier;
  }

  /** Returns the longest delay, before the jitter. */
  public Duration maximum() {
    return maximum;
  }

  /** Returns the random variation of a delay in either direction. */
  public double jitter() {
    return jitter;
  }

  @Override
  public Optional<Duration> delayAfter(int attempt, RandomGenerator random) {
    double grown = (double) initial.toMillis() * Math.pow(multiplier, attempt - 1.0);
    double capped = Math.min(grown, (double) maximum.toMillis());
    double jittered = capped * (1 + jitter * (2 * random.nextDouble() - 1));
    return Optional.of(Duration.ofMillis(Math.round(jittered)));
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof ExponentialBackoff same
        && initial.equals(same.initial)
        && multiplier == same.multiplier
        && maximum.equals(same.maximum)
        && jitter == same.jitter;
  }

  @Override
  public int hashCode() {
    return Objects.hash(initial, multiplier, maximum, jitter);
  }

  @Override
  public String toString() {
    return "ExponentialBackoff[initial=%s, multiplier=%s, maximum=%s, jitter=%s]"
        .formatted(initial, multiplier, maximum, jitter);
  }
}
