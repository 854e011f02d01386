package dev.holdfast.server.route;

/** The HTTP methods. */
public enum Method {
  /** Reads something. */
  GET,
  /** Does or creates something. */
  POST,
  /** Replaces something. */
  PUT,
  /** Changes parts of something. */
  PATCH,
  /** Removes something. */
  DELETE;

  /** Returns whether it changes nothing. */
  public boolean isSafe() {
    return this == GET;
  }
}
