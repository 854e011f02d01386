package dev.holdfast.series;

import dev.holdfast.check.Check;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A request for figures over time.
 *
 * @param from the start, at most 30 days ago
 * @param to the end
 * @param step the length of a step: whole minutes, and whole hours if {@code from} is more than two
 *     days ago
 * @param queue only this queue, or empty for all
 * @param type only this type, or empty for all
 * @param by what to split the figures by
 */
public record SeriesQuery(
    Instant from, Instant to, Duration step, Optional<String> queue, Optional<String> type, By by) {
  /** The time for which figures are kept by the minute. */
  public static final Duration MINUTES_KEPT = Duration.ofDays(2);

  /** The time for which figures are kept by the hour. */
  public static final Duration HOURS_KEPT = Duration.ofDays(30);

  /** The maximum number of steps. */
  public static final int STEPS_MAX = 1_500;

  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int STEPS = 120;

  private static final List<Duration> USUAL_STEPS =
      List.of(
          MINUTE,
          Duration.ofMinutes(5),
          Duration.ofMinutes(10),
          Duration.ofMinutes(30),
          HOUR,
          Duration.ofHours(6),
          Duration.ofDays(1));

  /** The way in which figures are split. */
  public enum By {
    /** One series for all. */
    NOTHING,
    /** One series for each queue. */
    QUEUE,
    /** One series for each type. */
    TYPE
  }

  /** Checks that the range and the step are possible. */
  public SeriesQuery {
    Check.time("from", from);
    Check.time("to", to);
    Check.that(from.isBefore(to), "the range must begin before it ends, was %s to %s", from, to);
    Check.that(
        isMultiple(step, MINUTE), "the step must be a whole number of minutes, was %s", step);
    long steps = Duration.between(from, to).toSeconds() / step.toSeconds();
    Check.that(
        steps <= STEPS_MAX,
        "the range has %d steps of %s: use a longer step or a shorter range, at most %d steps",
        steps,
        step,
        STEPS_MAX);
  }

  /** Creates a query for everything in a range, with a step that gives up to 120 points. */
  public static SeriesQuery between(Instant from, Instant to, Instant now) {
    Duration range = Duration.between(from, to);
    boolean needsHours = from.isBefore(now.minus(MINUTES_KEPT));
    Duration step =
        USUAL_STEPS.stream()
            .filter(usual -> range.compareTo(usual.multipliedBy(STEPS)) <= 0)
            .filter(usual -> !needsHours || isMultiple(usual, HOUR))
            .findFirst()
            .orElse(USUAL_STEPS.get(USUAL_STEPS.size() - 1));
    return new SeriesQuery(from, to, step, Optional.empty(), Optional.empty(), By.NOTHING);
  }

  /** Returns the same query with another step. */
  public SeriesQuery every(Duration newStep) {
    return new SeriesQuery(from, to, newStep, queue, type, by);
  }

  /** Returns the same query for one queue. */
  public SeriesQuery queue(String only) {
    return new SeriesQuery(from, to, step, Optional.of(only), type, by);
  }

  /** Returns the same query for one type. */
  public SeriesQuery type(String only) {
    return new SeriesQuery(from, to, step, queue, Optional.of(only), by);
  }

  /** Returns the same query, split. */
  public SeriesQuery by(By newBy) {
    return new SeriesQuery(from, to, step, queue, type, newBy);
  }

  /** Returns whether hours are fine enough for the step. */
  public boolean isByTheHour() {
    return isMultiple(step, HOUR);
  }

  private static boolean isMultiple(Duration step, Duration unit) {
    return !step.isNegative()
        && !step.isZero()
        && unit.multipliedBy(step.dividedBy(unit)).equals(step);
  }
}
