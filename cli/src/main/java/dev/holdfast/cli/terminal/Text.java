package dev.holdfast.cli.terminal;

import dev.holdfast.Printable;

/** Text for a terminal. */
public final class Text {
  private Text() {}

  /** The text on one line, without anything that could steer a terminal. */
  public static String safe(String text) {
    return Printable.of(text);
  }

  /** The text on one line of at most {@code chars} characters. */
  public static String brief(String text, int chars) {
    return Printable.brief(text, chars);
  }

  /** {@code 1 job}, {@code 2 jobs}. */
  public static String count(long number, String what) {
    return number + " " + what + (number == 1 ? "" : "s");
  }
}
