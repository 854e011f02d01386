package dev.holdfast.check;

import java.util.regex.Pattern;

/**
 * Formats foreign text for messages: on one line, limited in length, and without characters that
 * control a terminal or disguise text.
 */
public final class Printable {
  private static final int QUOTED_CHARS_MAX = 100;

  /** Control and format characters. */
  private static final Pattern UNPRINTABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private Printable() {}

  /** Returns the whole text, with a dot in place of each unprintable character. */
  public static String of(String text) {
    return UNPRINTABLE.matcher(text).replaceAll("\u00b7");
  }

  /** Returns at most {@code chars} characters of the text, with a mark at the end if it was cut. */
  public static String brief(String text, int chars) {
    return Limits.cut(of(text), chars);
  }

  /** Returns at most 100 characters of the text in quotation marks. */
  public static String quoted(String text) {
    return "'" + brief(text, QUOTED_CHARS_MAX) + "'";
  }
}
