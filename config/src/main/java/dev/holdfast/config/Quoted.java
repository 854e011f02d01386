package dev.holdfast.config;

import java.util.regex.Pattern;

/** What was given, as messages show it: on one line, and not too much of it. */
final class Quoted {
  private static final int CHARS_MAX = 100;
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private Quoted() {}

  static String of(String text) {
    String printable = printable(text);
    return printable.length() <= CHARS_MAX
        ? "'" + printable + "'"
        : "'" + printable.substring(0, CHARS_MAX - 1) + "…'";
  }

  static String printable(String text) {
    return UNPRINTABLE.matcher(text).replaceAll("·");
  }
}
