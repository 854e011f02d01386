package dev.holdfast.engine;

import dev.holdfast.error.StoreUnavailableException;
import dev.holdfast.spi.HandlerThreads;
import java.time.Duration;
import java.util.function.Supplier;

/**
 * Repeats a handler's calls of the store while the store cannot be reached: an outage costs a
 * handler time, and no attempt. It ends when the handler is interrupted.
 */
final class OutageRetry {
  private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(2);

  private final HandlerThreads threads;

  OutageRetry(HandlerThreads threads) {
    this.threads = threads;
  }

  void run(Runnable call) {
    call(
        () -> {
          call.run();
          return true;
        });
  }

  <T> T call(Supplier<T> call) {
    Duration pause = FIRST_PAUSE;
    while (true) {
      try {
        return call.get();
      } catch (StoreUnavailableException outage) {
        pause(pause, outage);
      }
      Duration twice = pause.multipliedBy(2);
      pause = twice.compareTo(LONGEST_PAUSE) < 0 ? twice : LONGEST_PAUSE;
    }
  }

  private void pause(Duration duration, StoreUnavailableException outage) {
    try {
      threads.pause(duration);
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      throw outage;
    }
  }
}
