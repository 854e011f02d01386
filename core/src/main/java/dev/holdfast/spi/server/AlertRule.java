package dev.holdfast.spi.server;

import dev.holdfast.check.Durations;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The condition that raises an alert.
 *
 * @param name the unique name
 * @param kind the measure
 * @param queue only jobs of this queue; empty for all
 * @param type only jobs of this type; empty for all
 * @param over {@link #OVER_MIN} to {@link #OVER_MAX}; its meaning depends on the kind
 * @param threshold the value from which the alert is raised, at least 1; for a rate at most 100
 * @param atLeast number of jobs that must have ended for a rate to count, at least 1
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

  /** The measure. */
  public enum Kind {
    /** Number of jobs that could run but have been waiting for longer than {@code over}. */
    QUEUE_AGE,
    /**
     * Percentage of failed jobs, among the completed and failed ones that were enqueued within
     * {@code over}.
     */
    FAILURE_RATE,
    /** Number of attempts that have been running for longer than {@code over}. */
    STUCK,
    /** Number of nodes that were found dead within {@code over}; of all queues and types. */
    RECOVERIES
  }

  /**
   * Checks the values.
   *
   * @throws InvalidRequestException naming the value and what was expected
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
    if (kind == Kind.RECOVERIES && (queue.isPresent() || type.isPresent())) {
      throw new InvalidRequestException(
          "an alert of the kind RECOVERIES concerns all queues and types: leave them out");
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
