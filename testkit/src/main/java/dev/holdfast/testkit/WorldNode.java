package dev.holdfast.testkit;

import static java.util.Objects.requireNonNull;

import dev.holdfast.JobQueue;
import dev.holdfast.NodeConfig;
import dev.holdfast.NodeId;
import dev.holdfast.Vitals;
import dev.holdfast.engine.Handlers;
import dev.holdfast.engine.Node;
import dev.holdfast.engine.NodeSetup;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.engine.runtime.Platform;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.test.time.ProcessTime;
import dev.holdfast.test.time.VirtualHandlerThreads;
import dev.holdfast.test.time.VirtualProcess;
import dev.holdfast.test.time.VirtualScheduler;
import dev.holdfast.test.time.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One incarnation of a node of a {@link World}: the engine's node, in a process that can die. */
final class WorldNode {
  private static final Duration INTERRUPTED_MAX = Duration.ofSeconds(8);
  private static final Duration FLUSH_MAX = Duration.ofSeconds(15);

  private final VirtualProcess process;
  private final NodeInfo info;
  private final NodeConfig config;
  private final VirtualTime time;
  private final SplittableRandom random;
  private final JobStore handle;
  private final WorldStore shared;
  private @Nullable Node node;
  private boolean stopping;

  WorldNode(
      String name,
      NodeConfig config,
      VirtualTime time,
      SplittableRandom random,
      JobStore handle,
      WorldStore shared) {
    this.process = new VirtualProcess(name);
    this.config = config;
    this.time = time;
    this.random = random;
    this.handle = handle;
    this.shared = shared;
    NodeId id = new NodeId(new UUID(random.nextLong(), random.nextLong()));
    this.info = new NodeInfo(id, name, "host", 1, 1, "boot", "", "test");
  }

  VirtualProcess process() {
    return process;
  }

  NodeId id() {
    return info.id();
  }

  /** Returns its own connection to the store. */
  JobStore handle() {
    return handle;
  }

  /** Starts the engine; if the store fails, the process ends, as a program would. */
  void start(
      JobStore store,
      Handlers handlers,
      BiConsumer<String, Throwable> onDutyFailure,
      Supplier<Duration> handOver,
      BiConsumer<List<Acknowledgement>, List<Lease>> onAcknowledged) {
    Supplier<Scheduler> thread = () -> new VirtualScheduler(time, process, onDutyFailure);
    Platform platform =
        new Platform(
            new ProcessTime(time, process),
            random,
            thread.get(),
            thread.get(),
            thread.get(),
            thread.get(),
            thread.get(),
            thread.get(),
            new VirtualHandlerThreads(time, process, handOver));
    try {
      JobQueue queue =
          new StoreQueue(store, handlers, platform.time(), random, platform::duties, Runnable::run);
      NodeSetup setup = new NodeSetup(store, queue, handlers, platform);
      node = Node.start(info, config, setup, onAcknowledged);
    } catch (HoldfastException | FaultyStore.CrashError noStart) {
      crash();
    }
  }

  /** Returns the state that it reports. */
  Vitals vitals() {
    return requireNonNull(node).vitals();
  }

  /** Kills the process; its presence goes first, so that it can no longer report what it ran. */
  void crash() {
    shared.kill(info.id());
    process.die();
    handle.close();
  }

  /** Stops regularly, one step after the other, like {@code Holdfast.close}. */
  void stop(Duration grace) {
    if (stopping) {
      return;
    }
    stopping = true;
    Node running = requireNonNull(node);
    next(running.drain(), grace, () -> interrupt(running));
  }

  private void interrupt(Node running) {
    next(running.interrupt(), INTERRUPTED_MAX, () -> settle(running));
  }

  private void settle(Node running) {
    next(running.settle(), FLUSH_MAX, () -> end(running));
  }

  private void end(Node running) {
    try {
      running.end();
      running.leave();
    } catch (HoldfastException | FaultyStore.CrashError failure) {
      // the process ends anyway
    }
    crash();
  }

  /** Runs {@code step} when {@code before} has completed, at the latest after a while. */
  private void next(CompletableFuture<@Nullable Void> before, Duration atMost, Runnable step) {
    Runnable once = once(step);
    time.plan(process, atMost, once);
    CompletableFuture<@Nullable Void> unused =
        before.whenComplete((none, failure) -> time.plan(process, Duration.ZERO, once));
  }

  private static Runnable once(Runnable action) {
    AtomicBoolean done = new AtomicBoolean();
    return () -> {
      if (done.compareAndSet(false, true)) {
        action.run();
      }
    };
  }
}
