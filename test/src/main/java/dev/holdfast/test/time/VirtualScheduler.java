package dev.holdfast.test.time;

import static java.util.Objects.requireNonNull;

import dev.holdfast.spi.Duty;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.test.time.VirtualTime.Event;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The duties of one thread in virtual time: one run at a time. A duty that throws runs again after
 * the same back-off as on a real thread.
 */
public final class VirtualScheduler implements Scheduler {
  private static final Duration BACKOFF_MIN = Duration.ofMillis(100);
  private static final Duration BACKOFF_MAX = Duration.ofSeconds(5);

  private final VirtualTime time;
  private final VirtualProcess process;
  private final BiConsumer<String, Throwable> onFailure;
  private final List<Turns> tasks = new ArrayList<>();
  private final Deque<Turns> waiting = new ArrayDeque<>();
  private boolean busy; // a run is under way

  /**
   * Creates a scheduler of duties of {@code process}.
   *
   * @param onFailure receives exceptions of duties, with the duty's name
   */
  public VirtualScheduler(
      VirtualTime time, VirtualProcess process, BiConsumer<String, Throwable> onFailure) {
    this.time = time;
    this.process = process;
    this.onFailure = onFailure;
  }

  @Override
  public Task schedule(String name, Duty duty) {
    Turns task = new Turns(name, duty);
    tasks.add(task);
    task.wake();
    return task;
  }

  /** Returns when the next duty runs of those that match; empty if none will. */
  public Optional<Duration> untilNext(Predicate<Duty> duties) {
    return tasks.stream()
        .filter(task -> !task.cancelled && task.next != null && duties.test(task.duty))
        .map(task -> requireNonNull(task.next).left())
        .min(Comparator.naturalOrder());
  }

  /** Runs all duties now. */
  public void runAll() {
    for (Turns task : List.copyOf(tasks)) {
      if (!task.cancelled && !busy) {
        task.runNow();
      }
    }
  }

  @Override
  public void close() {
    tasks.forEach(Turns::cancel);
  }

  private final class Turns implements Task {
    private final String name;
    private final Duty duty;
    private @Nullable Event next;
    private boolean running;
    private boolean woken;
    private boolean cancelled;
    private int failures;

    private Turns(String name, Duty duty) {
      this.name = name;
      this.duty = duty;
    }

    @Override
    public void wake() {
      if (running) {
        woken = true;
      } else {
        planNext(Duration.ZERO);
      }
    }

    @Override
    public void cancel() {
      cancelled = true;
      if (next != null) {
        next.cancel();
      }
    }

    private void planNext(Duration delay) {
      if (next != null) {
        next.cancel();
      }
      if (!cancelled) {
        next = time.plan(process, delay, this::turn);
      }
    }

    private void runNow() {
      if (next != null) {
        next.cancel();
      }
      turn();
    }

    private void turn() {
      if (busy) {
        waiting.add(this);
        return;
      }
      busy = true;
      running = true;
      woken = false;
      Duration delay = run();
      running = false;
      busy = false;
      planNext(woken ? Duration.ZERO : delay);
      for (Turns late; (late = waiting.poll()) != null; ) {
        late.planNext(Duration.ZERO);
      }
    }

    private Duration run() {
      try {
        Duration delay = duty.run();
        failures = 0;
        return delay;
      } catch (RuntimeException | Error failure) {
        failures++;
        onFailure.accept(name, failure);
        Duration backoff = BACKOFF_MIN.multipliedBy(1L << Math.min(failures - 1, 10));
        return backoff.compareTo(BACKOFF_MAX) < 0 ? backoff : BACKOFF_MAX;
      }
    }
  }
}
