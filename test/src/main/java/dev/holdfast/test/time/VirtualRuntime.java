package dev.holdfast.test.time;

import dev.holdfast.error.HoldfastException;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.EngineRuntime;
import dev.holdfast.spi.HandlerThreads;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The clocks and threads of a process in virtual time. */
public final class VirtualRuntime implements EngineRuntime {
  private static final Logger log = LoggerFactory.getLogger(VirtualRuntime.class);

  private final VirtualTime time;
  private final VirtualProcess process;
  private final RandomGenerator random;
  private final List<VirtualScheduler> schedulers = new ArrayList<>();
  private final List<VirtualScheduler> heartbeats = new ArrayList<>();

  /** Creates the clocks and threads of {@code process}. */
  public VirtualRuntime(VirtualTime time, VirtualProcess process, RandomGenerator random) {
    this.time = time;
    this.process = process;
    this.random = random;
  }

  @Override
  public TimeSource time() {
    return time;
  }

  @Override
  public RandomGenerator random() {
    return random;
  }

  @Override
  public Scheduler scheduler(String name) {
    VirtualScheduler scheduler = new VirtualScheduler(time, process, this::failed);
    schedulers.add(scheduler);
    if (name.equals("heartbeat")) {
      heartbeats.add(scheduler);
    }
    return new InTurn(scheduler);
  }

  /** Logs a failure, except those that a test causes when it cuts off the store. */
  private void failed(String duty, Throwable failure) {
    if (failure instanceof HoldfastException) {
      log.debug("Duty '{}' failed; it is tried again.", duty, failure);
    } else if (process.isAlive()) {
      log.warn("Duty '{}' failed; it is tried again.", duty, failure);
    }
  }

  /** Returns when the next duty of the program itself runs; a long time if it has none. */
  public Duration untilOwnDuty() {
    return schedulers.stream()
        .flatMap(scheduler -> scheduler.untilNext(duty -> !duty.isHousekeeping()).stream())
        .min(Comparator.naturalOrder())
        .orElse(Duty.WHEN_WOKEN);
  }

  /** Renews the leases: before anything else happens after idle time was skipped. */
  public void beat() {
    heartbeats.forEach(VirtualScheduler::runAll);
  }

  @Override
  public HandlerThreads handlerThreads() {
    return new VirtualHandlerThreads(time, process);
  }

  @Override
  public Executor callbacks() {
    return Runnable::run;
  }

  @Override
  public <T> CompletableFuture<T> newFuture() {
    return new VirtualFuture<>(time);
  }

  @Override
  public boolean await(CompletableFuture<?> future, Duration wait)
      throws InterruptedException, ExecutionException {
    boolean isDone =
        Thread.currentThread() instanceof VirtualThread // it would wait for itself
            ? future.isDone()
            : time.runUntil(future::isDone, wait);
    if (isDone) {
      future.get();
    }
    return isDone;
  }

  @Override
  public Runnable atExit(Runnable action) {
    return () -> {};
  }

  /** Lets calls from other threads take effect in their turn. */
  private final class InTurn implements Scheduler {
    private final VirtualScheduler scheduler;

    private InTurn(VirtualScheduler scheduler) {
      this.scheduler = scheduler;
    }

    @Override
    public Task schedule(String name, Duty duty) {
      Task task = scheduler.schedule(name, duty);
      return new Task() {
        @Override
        public void wake() {
          time.inTurn(task::wake);
        }

        @Override
        public void cancel() {
          task.cancel();
        }
      };
    }

    @Override
    public void close() {
      scheduler.close();
    }
  }
}
