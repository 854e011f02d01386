package dev.holdfast.engine.runtime;

import dev.holdfast.spi.EngineRuntime;
import dev.holdfast.spi.HandlerThreads;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.SystemTime;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.random.RandomGenerator;

/** The clocks and threads of this process. */
public final class ProcessRuntime implements EngineRuntime {
  private final TimeSource time = new SystemTime();

  @Override
  public TimeSource time() {
    return time;
  }

  @Override
  public RandomGenerator random() {
    return () -> ThreadLocalRandom.current().nextLong();
  }

  @Override
  public Scheduler scheduler(String name) {
    return new DutyThread(name, time);
  }

  @Override
  public HandlerThreads handlerThreads() {
    return Threads.forHandlers();
  }

  @Override
  public Executor callbacks() {
    return ForkJoinPool.commonPool();
  }

  @Override
  public boolean await(CompletableFuture<?> future, Duration wait)
      throws InterruptedException, ExecutionException {
    try {
      future.get(wait.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    }
  }

  @Override
  public Runnable atExit(Runnable action) {
    return ShutdownHook.add(action)::remove;
  }
}
