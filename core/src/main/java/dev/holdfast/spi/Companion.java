package dev.holdfast.spi;

/**
 * What works with a queue in the same process and ends with it, such as the server that others
 * reach it by.
 */
public interface Companion {
  /**
   * The queue has begun to close: its node claims no more, but handlers still run and everything
   * can be asked. Must return quickly.
   */
  void queueCloses();

  /**
   * Handlers have ended, and what they said is durable. The store closes as soon as this returns.
   * May have been called before.
   */
  void close();
}
