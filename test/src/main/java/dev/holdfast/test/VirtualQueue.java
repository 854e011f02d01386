package dev.holdfast.test;

import dev.holdfast.Holdfast;
import dev.holdfast.Vitals;
import dev.holdfast.spi.EngineListener;
import dev.holdfast.spi.JobStore;
import dev.holdfast.test.memory.MemoryJobStore;
import dev.holdfast.test.time.VirtualProcess;
import dev.holdfast.test.time.VirtualRuntime;
import dev.holdfast.test.time.VirtualTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * A queue in memory and virtual time, with one process that can die and be started again. Used by
 * one thread, and by handlers in their turn.
 */
final class VirtualQueue implements AutoCloseable {
  private static final int DAYS_MAX = 366;

  private final Consumer<Holdfast> setup;
  private final boolean isInline;
  private final UnaryOperator<JobStore> link;
  private final VirtualTime time = new VirtualTime();
  private final MemoryJobStore memory = new MemoryJobStore(time);
  private final SplittableRandom random = new SplittableRandom(1);
  private final List<VirtualProcess> dead = new ArrayList<>();
  private VirtualProcess process;
  private VirtualRuntime runtime;
  private Holdfast holdfast;
  private boolean isDown; // the process died and was not started again yet

  /**
   * Starts the first process.
   *
   * @param setup adds handlers to a process that starts; if there are none, it starts no node
   * @param isInline whether jobs run within the call that enqueues them
   * @param link wraps the store for each process
   */
  VirtualQueue(Consumer<Holdfast> setup, boolean isInline, UnaryOperator<JobStore> link) {
    this.setup = setup;
    this.isInline = isInline;
    this.link = link;
    this.process = new VirtualProcess("test");
    this.runtime = new VirtualRuntime(time, process, random.split());
    this.holdfast = Holdfast.over(link.apply(memory.openAgain()), runtime);
    time.skip(
        new VirtualTime.IdleTime() {
          @Override
          public Duration left() {
            Duration jobs = memory.idleFor();
            Duration own = runtime.untilOwnDuty();
            return jobs.compareTo(own) < 0 ? jobs : own;
          }

          @Override
          public void skipped() {
            runtime.beat();
          }
        });
    begin();
  }

  private void begin() {
    if (isInline) {
      holdfast.observeBy(
          new EngineListener() {
            @Override
            public void enqueued(String queue, String type) {
              if (!time.isInTurn()) {
                runUntilIdle();
              }
            }
          });
    }
    setup.accept(holdfast);
  }

  /** Starts a node, unless it was started. */
  static void startNode(Holdfast holdfast) {
    if (holdfast.vitals().equals(Vitals.none())) {
      holdfast.start();
    }
  }

  Holdfast holdfast() {
    if (isDown) {
      start();
    }
    return holdfast;
  }

  MemoryJobStore memory() {
    return memory;
  }

  Instant now() {
    return time.now();
  }

  void advance(Duration duration) {
    Instant end = time.now().plus(duration);
    runUntil(() -> false, duration);
    while (isDown) { // a process died on the way
      start();
      runUntil(() -> false, Duration.between(time.now(), end));
    }
  }

  /** Lets time pass while jobs run, and no longer. */
  void runUntilIdle() {
    advance(Duration.ZERO);
    for (int days = 0; memory.isRunning(); days++) {
      if (days == DAYS_MAX) {
        throw new AssertionError(
            "jobs still run after %d days of virtual time: was a node started?".formatted(days));
      }
      boolean unused = runUntil(() -> !memory.isRunning(), Duration.ofDays(1));
      advance(Duration.ZERO); // what ended may have made others due
    }
  }

  /** Lets time pass until {@code done} or until the process dies. */
  boolean runUntil(BooleanSupplier done, Duration most) {
    boolean unused = time.runUntil(() -> isDown || done.getAsBoolean(), most);
    return done.getAsBoolean();
  }

  /** Kills the process; a handler that calls this does not return. */
  void crash() {
    memory.killAll();
    dead.add(process);
    isDown = true;
    process.vanish();
  }

  /** Starts the process again after a crash. */
  void start() {
    isDown = false;
    process = new VirtualProcess("test");
    runtime = new VirtualRuntime(time, process, random.split());
    holdfast = Holdfast.over(link.apply(memory.openAgain()), runtime);
    begin();
  }

  boolean isDown() {
    return isDown;
  }

  /** Closes the queue; handlers that still run are interrupted after the grace period. */
  @Override
  public void close() {
    try {
      if (!isDown) {
        holdfast.close();
      }
    } finally {
      process.die();
      dead.forEach(VirtualProcess::die);
      time.close();
    }
  }
}
