package dev.holdfast.spi;

/** The threads on which handlers run. */
public interface HandlerThreads extends AutoCloseable {

  /**
   * Runs {@code attempt} on a thread of its own, or at a later moment of a simulation.
   *
   * @param attempt must not throw
   */
  void execute(Runnable attempt);

  /** Gives the threads back; attempts under way go on. */
  @Override
  void close();
}
