package dev.holdfast.cli.terminal;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Makes the threads of the command line. */
public final class Threads {
  private Threads() {}

  /** Starts a daemon thread. */
  public static Thread start(String name, Runnable body) {
    Thread thread = new Thread(body, "holdfast-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Lets the calling thread wait. */
  public static void pause(Duration duration) throws InterruptedException {
    Thread.sleep(duration.toMillis());
  }

  /** What is done on a daemon thread, and how it ended. */
  public static <T extends @Nullable Object> CompletableFuture<T> call(
      String name, Callable<T> body) {
    CompletableFuture<T> future = new CompletableFuture<>();
    start(
        name,
        () -> {
          try {
            future.complete(body.call());
          } catch (Exception | Error failure) {
            future.completeExceptionally(failure);
          }
        });
    return future;
  }
}
