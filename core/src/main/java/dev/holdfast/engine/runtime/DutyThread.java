package dev.holdfast.engine.runtime;

import dev.holdfast.spi.Duty;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs duties on one thread, each when it is due or was woken. An exception is logged, and the duty
 * runs again after a back-off; no exception ends a duty.
 */
final class DutyThread implements Scheduler {
  private static final Logger log = LoggerFactory.getLogger(DutyThread.class);
  private static final Duration BACKOFF_MIN = Duration.ofMillis(100);
  private static final Duration BACKOFF_MAX = Duration.ofSeconds(5);

  private final TimeSource time;
  private final Thread thread;
  private final List<Scheduled> tasks = new CopyOnWriteArrayList<>();
  private final AtomicBoolean idle = new AtomicBoolean();
  private volatile boolean closed;

  /** Starts the thread, named {@code holdfast-} followed by {@code name}. */
  DutyThread(String name, TimeSource time) {
    this.time = time;
    this.thread = Threads.daemon(name, this::runUntilClosed);
    thread.start();
  }

  @Override
  public Task schedule(String name, Duty duty) {
    Scheduled task = new Scheduled(name, duty);
    tasks.add(task);
    task.wake();
    return task;
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
    if (Thread.currentThread() == thread) {
      return;
    }
    boolean interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException finishFirst) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void runUntilClosed() {
    while (!closed) {
      long wait = Duty.WHEN_WOKEN.toNanos();
      for (Scheduled task : tasks) {
        wait = Math.min(wait, task.runIfDue());
      }
      sleep(wait);
    }
  }

  /** Sleeps, unless a wake-up has come since the tasks were checked. */
  private void sleep(long nanos) {
    if (nanos <= 0) {
      return;
    }
    idle.set(true);
    if (!closed && tasks.stream().noneMatch(task -> task.woken.get())) {
      LockSupport.parkNanos(this, nanos);
      boolean unused = Thread.interrupted(); // user code can reach us; it must not keep us awake
    }
    idle.set(false);
  }

  private final class Scheduled implements Task {
    private final String name;
    private final Duty duty;
    private final AtomicBoolean woken = new AtomicBoolean();
    private volatile boolean cancelled;
    private long dueTicks; // the duty thread only, like all below
    private int failures;

    private Scheduled(String name, Duty duty) {
      this.name = name;
      this.duty = duty;
    }

    @Override
    public void wake() {
      if (woken.compareAndSet(false, true) && idle.get()) {
        LockSupport.unpark(thread);
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
      tasks.remove(this);
    }

    /** Runs the task if it is due. Returns the nanoseconds until it is due again. */
    private long runIfDue() {
      if (cancelled || closed) {
        return Duty.WHEN_WOKEN.toNanos();
      }
      long now = time.ticks();
      boolean mustRun = woken.getAndSet(false) || now - dueTicks >= 0;
      if (!mustRun) {
        return dueTicks - now;
      }
      Duration delay = turn();
      dueTicks = time.ticks() + delay.toNanos();
      return delay.toNanos();
    }

    private Duration turn() {
      try {
        Duration delay = duty.run();
        if (failures > 0) {
          log.info("Duty '{}' works again after {} failures.", name, failures);
          failures = 0;
        }
        return delay;
      } catch (RuntimeException | Error failure) {
        failures++;
        report(failure);
        Duration backoff = BACKOFF_MIN.multipliedBy(1L << Math.min(failures - 1, 10));
        return backoff.compareTo(BACKOFF_MAX) < 0 ? backoff : BACKOFF_MAX;
      }
    }

    /**
     * Logs the whole trace once, then a line at failures 2, 4, 8, … so that an outage does not
     * flood the log.
     */
    private void report(Throwable failure) {
      if (failures == 1) {
        log.warn("Duty '{}' failed; it is tried again.", name, failure);
      } else if (Integer.bitCount(failures) == 1) {
        log.warn("Duty '{}' failed {} times in a row: {}", name, failures, failure.toString());
      }
    }
  }
}
