package dev.holdfast.config;

/**
 * An error in the configuration.
 *
 * @param origin its origin
 * @param text one line: the key, the given value, the allowed values
 */
public record Mistake(Origin origin, String text) {
  /** Returns both on one line. */
  @Override
  public String toString() {
    return origin.place() + ": " + text;
  }
}
