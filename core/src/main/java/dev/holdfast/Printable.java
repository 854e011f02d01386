package dev.holdfast;

import java.util.regex.Pattern;

/**
 * Text of others as messages show it: on one line, without anything that could steer a terminal or
 * make text look like another, and not too much of it.
 */
public final class Printable {
  private static final int QUOTED_CHARS_MAX = 100;

  /** Control and format characters. */
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private Printable() {}

  /** The whole text, with a dot for each character that is not to be shown. */
  public static String of(String text) {
    return UNPRINTABLE.matcher(text).replaceAll("\u00b7");
  }

  /** At most {@code chars} characters of it, with a mark at its end when it was longer. */
  public static String brief(String text, int chars) {
    return Limits.cut(of(text), chars);
  }

  /** The same in quotation marks, at most 100 characters. */
  public static String quoted(String text) {
    return "'" + brief(text, QUOTED_CHARS_MAX) + "'";
  }
}
