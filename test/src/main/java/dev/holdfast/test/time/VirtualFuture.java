package dev.holdfast.test.time;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A future for which a caller waits in virtual time: time passes while it waits. */
final class VirtualFuture<T> extends CompletableFuture<T> {
  private static final Duration LOOK = Duration.ofMillis(10);
  private static final Duration LONG = Duration.ofDays(366);

  private final VirtualTime time;

  VirtualFuture(VirtualTime time) {
    this.time = time;
  }

  @Override
  public <U> CompletableFuture<U> newIncompleteFuture() {
    return new VirtualFuture<>(time);
  }

  @Override
  public T get() throws InterruptedException, ExecutionException {
    pass(LONG);
    return super.get();
  }

  @Override
  public T get(long timeout, TimeUnit unit)
      throws InterruptedException, ExecutionException, TimeoutException {
    if (waitsReally()) {
      return super.get(timeout, unit);
    }
    pass(Duration.of(timeout, unit.toChronoUnit()));
    return super.get(0, TimeUnit.NANOSECONDS);
  }

  @Override
  public T join() {
    try {
      pass(LONG);
    } catch (InterruptedException told) {
      Thread.currentThread().interrupt();
      throw new CompletionException(told);
    }
    return super.join();
  }

  /** Returns whether the caller is a thread of the program's own while a test lets time pass. */
  private boolean waitsReally() {
    return !(Thread.currentThread() instanceof VirtualThread) && time.isPassedByOther();
  }

  private void pass(Duration most) throws InterruptedException {
    if (waitsReally()) {
      return;
    }
    if (!(Thread.currentThread() instanceof VirtualThread)) {
      boolean unused = time.runUntil(this::isDone, most);
      return;
    }
    for (Duration left = most; !isDone() && !left.isNegative(); left = left.minus(LOOK)) {
      VirtualHandlerThreads.sleep(LOOK);
    }
  }
}
