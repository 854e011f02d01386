package dev.holdfast;

import java.util.Locale;

/** Refuses values, saying what was given and what was expected. */
final class Check {
  private Check() {}

  static void that(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new InvalidRequestException(String.format(Locale.ROOT, message, values));
    }
  }
}
