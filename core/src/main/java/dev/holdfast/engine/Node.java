package dev.holdfast.engine;

import dev.holdfast.HoldfastException;
import dev.holdfast.Lease;
import dev.holdfast.NodeConfig;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.PayloadCodec;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Scheduler.Task;
import dev.holdfast.spi.Signal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process's part in the work: it owns the duties and sees to the order of start and stop.
 *
 * <p>Start: become known, recover what dead nodes left, then claim. Stop: claim no more, let
 * handlers end, interrupt them, release the rest, make every end durable – and only then let the
 * heartbeats end, so that nobody takes a job that is still running here.
 */
public final class Node {
  private static final Logger log = LoggerFactory.getLogger(Node.class);

  /** What a node is doing. */
  enum Phase {
    STARTING,
    RUNNING,
    DRAINING
  }

  private final NodeInfo info;
  private final NodeConfig config;
  private final JobStore store;
  private final Presence presence;
  private final JobStore.Subscription signals;
  private final Slots slots;
  private final Acknowledgements acknowledgements = new Acknowledgements();
  private final Worker worker;
  private final Watch watch;
  private final List<Task> tasks = new ArrayList<>();
  private final Task heartbeatTask;
  private volatile Task workerTask = Task.NONE; // a handler may end before it is scheduled
  private final Task promoterTask;
  private volatile Phase phase = Phase.STARTING;

  /**
   * Starts a node. When this returns, it is known to others and its duties are scheduled.
   *
   * @param onAcknowledged told, on the duties' thread, of acknowledgements after they are durable,
   *     and which of their leases were stale
   */
  public Node(
      NodeInfo info,
      NodeConfig config,
      JobStore store,
      Handlers handlers,
      PayloadCodec codec,
      Platform platform,
      BiConsumer<List<Acknowledgement>, List<Lease>> onAcknowledged) {
    this.info = info;
    this.config = config;
    this.store = store;
    LeaseTrust trust = new LeaseTrust(config.lease(), platform.time());
    long registered = platform.time().ticks();
    presence = store.register(info, config.lease());
    trust.renewed(registered);

    NotesFlush notes = new NotesFlush(store, platform.time());
    slots =
        new Slots(
            config.concurrency(),
            platform.handlers(),
            presence,
            platform.time(),
            trust::holds,
            this::began,
            acknowledgements::submit,
            this::freed);
    watch = new Watch(slots, trust, platform.time());
    worker =
        new Worker(
            store,
            new Claim(info.id(), config.queues(), handlers.types(), 0),
            config.pollInterval(),
            slots,
            acknowledgements,
            trust,
            new Attempt.Surroundings(handlers, codec, platform.time(), platform.random(), notes),
            onAcknowledged,
            watch::stopped);
    Heartbeat heartbeat =
        new Heartbeat(info.id(), config.lease(), store, trust, platform.time(), () -> phase);
    Recovery recovery =
        new Recovery(
            store,
            handlers,
            new NodeWatch(info.id(), platform.time()),
            platform.time(),
            config.name());

    heartbeatTask =
        platform
            .heartbeats()
            .schedule(
                "heartbeat",
                () -> {
                  Duration next = heartbeat.run();
                  worker.reconcileSoon();
                  return next;
                });
    Task watchTask = platform.watch().schedule("watch", watch);
    watch.wakeBy(watchTask::wake);
    tasks.add(watchTask);
    tasks.add(platform.duties().schedule("recovery", recovery));
    Task notesTask = platform.duties().schedule("notes", notes);
    notes.wakeBy(notesTask::wake);
    tasks.add(notesTask);
    promoterTask =
        platform.duties().schedule("promoter", new Promoter(store, config.pollInterval()));
    tasks.add(promoterTask);
    workerTask = platform.duties().schedule("worker", worker);
    workerTask.wake();
    signals = store.listen(this::signalled);
    phase = Phase.RUNNING;
    log.atInfo()
        .addKeyValue("node", info.id())
        .addKeyValue("concurrency", config.concurrency())
        .log("Node '{}' started.", config.name());
  }

  private void began(Attempt attempt) {
    watch.began(attempt);
  }

  private void freed() {
    workerTask.wake();
  }

  private void signalled(Signal signal) {
    switch (signal) {
      case WORK -> workerTask.wake();
      case SCHEDULED -> promoterTask.wake();
      case REVOKED -> {
        worker.reconcileSoon();
        workerTask.wake();
      }
    }
  }

  /** Claims no more and gives back what waits; completes when no handler runs any more. */
  public CompletableFuture<@Nullable Void> drain() {
    phase = Phase.DRAINING;
    CompletableFuture<@Nullable Void> stopped = worker.stopClaiming();
    workerTask.wake();
    return stopped.thenCompose(none -> slots.idle());
  }

  /** Interrupts the handlers that still run; completes when they have returned. */
  public CompletableFuture<@Nullable Void> interrupt() {
    slots.running().forEach(attempt -> attempt.stop(Stop.NODE_STOPS));
    return slots.idle();
  }

  /** Gives up on handlers that still run; completes when every end is durable. */
  public CompletableFuture<@Nullable Void> settle() {
    for (Attempt unresponsive : slots.running()) {
      unresponsive.stop(Stop.NODE_STOPS);
      slots.abandon(unresponsive);
      log.atWarn()
          .addKeyValue("job", unresponsive.id())
          .log("The handler did not return before the node's end; its job was released.");
    }
    CompletableFuture<@Nullable Void> flushed = worker.flushed();
    workerTask.wake();
    return flushed;
  }

  /** Ends the duties; the last of them is the heartbeat. A turn under way goes on. */
  public void end() {
    signals.close();
    tasks.forEach(Task::cancel);
    workerTask.cancel();
    heartbeatTask.cancel();
  }

  /** Says good-bye, when no duty runs any more: a late heartbeat would bring the node back. */
  public void leave() {
    if (acknowledgements.isEmpty() && slots.running().isEmpty()) {
      buryMyself();
    }
    presence.close();
    log.atInfo().addKeyValue("node", info.id()).log("Node '{}' ended.", config.name());
  }

  /** Whoever cannot say good-bye is missed when its lease runs out. */
  private void buryMyself() {
    try {
      store.bury(info.id());
    } catch (HoldfastException unreachable) {
      log.warn("The end of node '{}' could not be stored.", config.name(), unreachable);
    }
  }

  /** How many handlers run. */
  public int running() {
    return slots.running().size();
  }
}
