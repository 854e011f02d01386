package dev.holdfast.server.route;

/** What a request may ask for. */
public enum Method {
  /** To look. */
  GET,
  /** To do something, or make something. */
  POST,
  /** To replace something. */
  PUT,
  /** To change a part of something. */
  PATCH,
  /** To remove something. */
  DELETE;

  /** Whether it changes anything. */
  public boolean isSafe() {
    return this == GET;
  }
}
