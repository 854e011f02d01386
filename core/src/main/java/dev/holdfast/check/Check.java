package dev.holdfast.check;

import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** Refuses values, saying what was given and what was expected. */
public final class Check {
  private Check() {}

  private static final Instant TIME_MIN = Instant.parse("0001-01-01T00:00:00Z");
  private static final Instant TIME_END = Instant.parse("+10000-01-01T00:00:00Z");
  private static final Duration DELAY_MAX = Duration.ofDays(Limits.DELAY_DAYS_MAX);

  /** Checks that a delay is neither negative nor too long. */
  public static void delay(Duration delay) {
    that(
        !delay.isNegative() && delay.compareTo(DELAY_MAX) <= 0,
        "delay must be 0 to %d days, was %s",
        Limits.DELAY_DAYS_MAX,
        delay);
  }

  /** Checks that a number is in a range; {@code what} names it in the message. */
  public static void range(String what, int value, int least, int most) {
    that(value >= least && value <= most, "%s must be %d to %d, was %d", what, least, most, value);
  }

  /** Checks that the year of a time is 1 to 9999; {@code what} names the time in the message. */
  public static void time(String what, Instant time) {
    that(
        !time.isBefore(TIME_MIN) && time.isBefore(TIME_END),
        "%s must be from the year 1 to 9999, was %s",
        what,
        time);
  }

  /** Checks that a length of time is neither negative nor longer than any delay. */
  public static void length(String what, Duration length) {
    range(what, length, Duration.ZERO, DELAY_MAX);
  }

  /** Checks that neither a name nor a value is null. */
  public static void noNulls(String what, Map<String, Object> facts) {
    facts.forEach(
        (name, value) ->
            that(
                name != null && value != null,
                "%s must have no null, but '%s' is: leave it out",
                what,
                name));
  }

  /** Checks that a duration is in a range; {@code what} names it in the message. */
  public static void range(String what, Duration value, Duration least, Duration most) {
    that(
        value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
        "%s must be %s to %s, was %s",
        what,
        least,
        most,
        value);
  }

  /**
   * Checks a condition.
   *
   * @throws InvalidRequestException with {@code message}, formatted with {@code values}, if it does
   *     not hold
   */
  public static void that(boolean holds, String message, Object... values) {
    if (!holds) {
      Object[] shown = Stream.of(values).map(Check::shown).toArray();
      throw new InvalidRequestException(String.format(Locale.ROOT, message, shown));
    }
  }

  /** Writes durations as people read them: {@code 1m 30s} rather than ISO 8601. */
  private static Object shown(Object value) {
    return value instanceof Duration duration ? Durations.describe(duration) : value;
  }
}
