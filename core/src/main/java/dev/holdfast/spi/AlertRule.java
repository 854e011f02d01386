package dev.holdfast.spi;

import dev.holdfast.Durations;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.Printable;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * When an alert is raised.
 *
 * @param name what it is called
 * @param kind what is measured
 * @param queue of jobs of this queue only, or empty for all
 * @param type of jobs of this type only, or empty for all
 * @param over {@link #OVER_MIN} to {@link #OVER_MAX}; see the kind
 * @param threshold from which value on it is raised, at least 1; of a rate, at most 100
 * @param atLeast how many jobs must have ended before a rate says anything, at least 1
 */
public record AlertRule(
    String name,
    Kind kind,
    Optional<String> queue,
    Optional<String> type,
    Duration over,
    long threshold,
    long atLeast) {
  /** The shortest time. */
  public static final Duration OVER_MIN = Duration.ofSeconds(1);

  /** The longest time. */
  public static final Duration OVER_MAX = Duration.ofDays(30);

  private static final long THRESHOLD_MAX = 1_000_000_000;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,99}");

  /** What is measured. */
  public enum Kind {
    /** How many jobs have been waiting, although they could run, for longer than {@code over}. */
    QUEUE_AGE,
    /**
     * How many percent have failed, of those that completed or failed among the jobs that were
     * enqueued within {@code over}.
     */
    FAILURE_RATE,
    /** How many attempts have been running for longer than {@code over}. */
    STUCK
  }

  /**
   * Checks the values.
   *
   * @throws InvalidRequestException naming what is wrong
   */
  public AlertRule {
    if (!NAME.matcher(name).matches()) {
      throw new InvalidRequestException(
          "no alert can be called %s: expected 1 to 100 letters, digits and any of . _ -"
              .formatted(Printable.quoted(name)));
    }
    if (over.compareTo(OVER_MIN) < 0 || over.compareTo(OVER_MAX) > 0) {
      throw new InvalidRequestException(
          "'over' must be %s to %s, was %s"
              .formatted(
                  Durations.write(OVER_MIN), Durations.write(OVER_MAX), Durations.write(over)));
    }
    checkNumber("threshold", threshold, kind == Kind.FAILURE_RATE ? 100 : THRESHOLD_MAX);
    checkNumber("at_least", atLeast, THRESHOLD_MAX);
  }

  private static void checkNumber(String name, long number, long most) {
    if (number < 1 || number > most) {
      throw new InvalidRequestException(
          "'%s' must be 1 to %,d, was %,d".formatted(name, most, number));
    }
  }
}
