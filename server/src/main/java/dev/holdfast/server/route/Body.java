package dev.holdfast.server.route;

/**
 * What body a route takes.
 *
 * @param bytesMax at most so many bytes; 0 if it takes none
 * @param isRequired whether there must be one
 */
public record Body(int bytesMax, boolean isRequired) {
  /** None. */
  public static final Body NONE = new Body(0, false);

  /** Whether it takes one. */
  public boolean isTaken() {
    return bytesMax > 0;
  }
}
