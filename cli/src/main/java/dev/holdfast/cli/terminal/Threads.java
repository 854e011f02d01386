package dev.holdfast.cli.terminal;

import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Creates the threads of the command line. */
public final class Threads {
  private Threads() {}

  /** Starts a daemon thread. */
  public static Thread start(String name, Runnable body) {
    Thread thread = new Thread(body, "holdfast-" + name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  /** Suspends the calling thread. */
  public static void pause(Duration pause) throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
  }

  /** Calls {@code body} on a daemon thread and returns a future for its result. */
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
