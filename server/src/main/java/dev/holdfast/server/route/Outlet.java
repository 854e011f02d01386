package dev.holdfast.server.route;

/** The way to the reader of a stream. Nothing here waits; safe from any thread. */
public interface Outlet {

  /**
   * Sends this behind all before it.
   *
   * @param bytes not changed afterwards
   * @return false if it will not be sent: the stream has ended, or the reader has too much to read
   *     already
   */
  boolean send(byte[] bytes);

  /** Sends this in place of all that has not been sent yet, and ends the stream. */
  void end(byte[] last);

  /** Whether the stream has ended. */
  boolean isEnded();
}
