package dev.holdfast.jdbc.sql;

/** Texts that every database can store. */
public final class Texts {
  private static final char REPLACEMENT = '\uFFFD';

  private Texts() {}

  /**
   * Replaces U+0000, which PostgreSQL rejects: one such character in an exception's message would
   * keep an acknowledgement, and all others in its batch, from being written.
   */
  public static String storable(String text) {
    return text.indexOf('\0') < 0 ? text : text.replace('\0', REPLACEMENT);
  }
}
