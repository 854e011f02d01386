package dev.holdfast.server.route;

/** The sending side of a stream. Never blocks; thread-safe. */
public interface StreamSink {

  /**
   * Sends bytes after all earlier ones.
   *
   * @param bytes not changed afterwards
   * @return false if they will not be sent, because the stream has ended or its buffer is full
   */
  boolean send(byte[] bytes);

  /** Discards the bytes that have not been sent yet, sends these, and ends the stream. */
  void end(byte[] last);

  /** Returns whether the stream has ended. */
  boolean isEnded();
}
