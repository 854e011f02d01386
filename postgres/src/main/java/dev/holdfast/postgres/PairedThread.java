package dev.holdfast.postgres;

import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** A thread that does one of two tasks while its caller does the other. */
final class PairedThread implements AutoCloseable {
  private static final Duration FOREVER = Duration.ofHours(1);

  private final Queue<FutureTask<?>> tasks = new ConcurrentLinkedQueue<>();
  private final StoreThread thread;

  PairedThread(ThreadFactory threads) {
    this.thread = new StoreThread(threads, this::work);
  }

  private void work() {
    while (!thread.isClosed()) {
      FutureTask<?> next = tasks.poll();
      if (next == null) {
        thread.pause(FOREVER);
      } else {
        next.run();
      }
    }
  }

  /** Begins {@code task}; {@link #result} waits for its end. */
  <T> FutureTask<T> begin(Callable<T> task) {
    FutureTask<T> begun = new FutureTask<>(task);
    tasks.add(begun);
    thread.wake();
    if (thread.isClosed()) {
      begun.run(); // the thread will not; a task runs only once
    }
    return begun;
  }

  /**
   * Waits for a task; interruption does not end the wait.
   *
   * @throws RuntimeException thrown by the task
   */
  static <T> T result(FutureTask<T> task) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return task.get();
        } catch (InterruptedException finishFirst) {
          interrupted = true;
        } catch (ExecutionException failed) {
          throw unwrapped(failed.getCause());
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static RuntimeException unwrapped(@Nullable Throwable cause) {
    if (cause instanceof Error error) {
      throw error;
    }
    return cause instanceof RuntimeException runtime
        ? runtime
        : new IllegalStateException("work threw a checked exception: a bug", cause);
  }

  @Override
  public void close() {
    thread.close();
  }
}
