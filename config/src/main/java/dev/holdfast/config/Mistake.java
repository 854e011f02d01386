package dev.holdfast.config;

/**
 * Something that cannot be meant.
 *
 * @param origin where it stands
 * @param text one line: which key, what was given, what is allowed
 */
public record Mistake(Origin origin, String text) {
  /** Both on one line. */
  @Override
  public String toString() {
    return origin.place() + ": " + text;
  }
}
