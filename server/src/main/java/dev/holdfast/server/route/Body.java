package dev.holdfast.server.route;

/**
 * The body that a route accepts.
 *
 * @param bytesMax the maximum number of bytes; 0 for no body
 * @param isRequired whether there must be one
 */
public record Body(int bytesMax, boolean isRequired) {
  /** No body. */
  public static final Body NONE = new Body(0, false);

  /** Returns whether the route accepts a body. */
  public boolean isTaken() {
    return bytesMax > 0;
  }
}
