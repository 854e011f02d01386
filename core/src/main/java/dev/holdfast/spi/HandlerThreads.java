package dev.holdfast.spi;

import java.time.Duration;

/** The threads on which handlers run. */
public interface HandlerThreads extends AutoCloseable {

  /**
   * Runs {@code attempt} on a thread of its own, or at a later moment of a simulation.
   *
   * @param attempt must not throw
   */
  void execute(Runnable attempt);

  /**
   * Lets the calling handler wait.
   *
   * @throws InterruptedException when the handler is interrupted, or was before
   */
  void pause(Duration duration) throws InterruptedException;

  /** Gives the threads back; attempts under way go on. */
  @Override
  void close();
}
