package dev.holdfast.test.time;

import dev.holdfast.spi.HandlerThreads;
import java.time.Duration;
import java.util.function.Supplier;

/** The handlers of one process in virtual time. A handler takes the time that it sleeps. */
public final class VirtualHandlerThreads implements HandlerThreads {
  private final VirtualTime time;
  private final VirtualProcess process;
  private final Supplier<Duration> handOver;

  /** For the handlers of {@code process}, which begin in the instant in which they are asked to. */
  public VirtualHandlerThreads(VirtualTime time, VirtualProcess process) {
    this(time, process, () -> Duration.ZERO);
  }

  /**
   * For the handlers of {@code process}.
   *
   * @param handOver how long it takes until a thread begins
   */
  public VirtualHandlerThreads(
      VirtualTime time, VirtualProcess process, Supplier<Duration> handOver) {
    this.time = time;
    this.process = process;
    this.handOver = handOver;
  }

  /**
   * Lets virtual time pass in a handler.
   *
   * @throws InterruptedException when the handler is interrupted, or was before
   * @throws IllegalStateException if the caller is not a handler in virtual time
   */
  public static void sleep(Duration duration) throws InterruptedException {
    if (Thread.currentThread() instanceof VirtualThread own) {
      own.sleepFor(duration);
      return;
    }
    throw new IllegalStateException("only a handler in virtual time can sleep in it");
  }

  @Override
  public void execute(Runnable attempt) {
    time.plan(process, handOver.get(), () -> time.idleThread().begin(process, attempt));
  }

  @Override
  public void pause(Duration duration) throws InterruptedException {
    sleep(duration);
  }

  @Override
  public void close() {}
}
