package dev.holdfast.jdbc.store;

/** Texts as every database can hold them. */
public final class Texts {
  private static final char REPLACEMENT = '\uFFFD';

  private Texts() {}

  /**
   * The text with another character in the place of U+0000, which PostgreSQL refuses: one such
   * character in an exception's message would keep an acknowledgement, and all that go with it,
   * from ever being written.
   */
  public static String storable(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace('\0', REPLACEMENT);
  }
}
