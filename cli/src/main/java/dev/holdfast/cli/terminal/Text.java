package dev.holdfast.cli.terminal;

import java.util.regex.Pattern;

/** Text for a terminal. */
public final class Text {
  /** What could steer a terminal, or make text look like another: control and format characters. */
  private static final Pattern UNSAFE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

  private Text() {}

  /** The text on one line, without anything that could steer a terminal. */
  public static String safe(String text) {
    return UNSAFE.matcher(text).replaceAll("\u00b7");
  }

  /** The text on one line of at most {@code chars} characters. */
  public static String brief(String text, int chars) {
    String safe = safe(text);
    return safe.length() <= chars ? safe : safe.substring(0, chars - 1) + "…";
  }

  /** {@code 1 job}, {@code 2 jobs}. */
  public static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
