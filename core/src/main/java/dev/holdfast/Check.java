package dev.holdfast;

import java.time.Duration;
import java.util.Locale;

/** Refuses values, saying what was given and what was expected. */
final class Check {
  private Check() {}

  private static final Duration DELAY_MAX = Duration.ofDays(Limits.DELAY_DAYS_MAX);

  static void delay(Duration delay) {
    that(
        !delay.isNegative() && delay.compareTo(DELAY_MAX) <= 0,
        "delay must be 0 to %d days, was %s",
        Limits.DELAY_DAYS_MAX,
        delay);
  }

  static void range(String what, Duration value, Duration least, Duration most) {
    that(
        value.compareTo(least) >= 0 && value.compareTo(most) <= 0,
        "%s must be %s to %s, was %s",
        what,
        least,
        most,
        value);
  }

  static void that(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new InvalidRequestException(String.format(Locale.ROOT, message, values));
    }
  }
}
