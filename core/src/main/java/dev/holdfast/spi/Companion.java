package dev.holdfast.spi;

/** A component that works with a queue in the same process and ends with it, such as a server. */
public interface Companion {
  /**
   * Called when the queue begins to close: its node claims no more jobs, but handlers still run and
   * all reads work. Must return quickly.
   */
  void queueCloses();

  /**
   * Called when handlers have ended and their output is durable. The store closes as soon as this
   * returns. May have been called before.
   */
  void close();
}
