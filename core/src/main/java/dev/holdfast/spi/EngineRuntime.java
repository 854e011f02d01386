package dev.holdfast.spi;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;

/**
 * The clocks and threads that an engine runs on: those of its process, or virtual ones of a test.
 */
public interface EngineRuntime {

  /** Returns the clocks. */
  TimeSource time();

  /** Returns the only source of randomness; safe from any thread. */
  RandomGenerator random();

  /**
   * Starts a thread for duties; the caller closes it.
   *
   * @param name the thread's name, after {@code holdfast-}
   */
  Scheduler scheduler(String name);

  /** Creates the threads for handlers; the caller closes them. */
  HandlerThreads handlerThreads();

  /** Returns the executor of callers' callbacks, such as those of futures. */
  Executor callbacks();

  /** Creates a future for a caller that waits for jobs. */
  default <T> CompletableFuture<T> newFuture() {
    return new CompletableFuture<>();
  }

  /**
   * Waits until {@code future} is done, at most for {@code wait}.
   *
   * @return whether it is done
   * @throws ExecutionException if it failed
   */
  boolean await(CompletableFuture<?> future, Duration wait)
      throws InterruptedException, ExecutionException;

  /**
   * Runs {@code action} when the process exits.
   *
   * @return cancels that
   */
  Runnable atExit(Runnable action);
}
