package dev.holdfast.cli.options;

import dev.holdfast.cli.terminal.Text;

/** The person at this terminal, as named in the history and the audit log. */
public final class Person {
  private static final String UNKNOWN = "cli";
  private static final int CHARS_MAX = 64;

  private Person() {}

  /** Returns the name of the operating system's user, or {@code cli} if there is none. */
  public static String name() {
    String user = Text.safe(System.getProperty("user.name", "")).strip();
    boolean isNamed = !user.isEmpty() && !user.equals("?");
    return isNamed ? user.substring(0, Math.min(user.length(), CHARS_MAX)) : UNKNOWN;
  }
}
