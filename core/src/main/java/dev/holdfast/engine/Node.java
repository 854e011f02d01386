package dev.holdfast.engine;

import dev.holdfast.HoldfastException;
import dev.holdfast.JobId;
import dev.holdfast.Lease;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeConfig;
import dev.holdfast.NodePhase;
import dev.holdfast.Vitals;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.EngineListener;
import dev.holdfast.spi.EngineListener.Operation;
import dev.holdfast.spi.JobIds;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.Scheduler.Task;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One process's part in the work: it owns the duties and their order at start and stop.
 *
 * <p>Start: register, recover the jobs of dead nodes, and claim. Stop: claim no more, let handlers
 * end, interrupt them, release the rest, make every end durable – and only then stop the
 * heartbeats, so that no node takes a job that is still running here.
 */
public final class Node {
  private static final Logger log = LoggerFactory.getLogger(Node.class);

  private final NodeInfo info;
  private final NodeConfig config;
  private final JobStore store;
  private final Platform platform;
  private final Presence presence;
  private final JobStore.Subscription signals;
  private final Slots slots;
  private final Acknowledgements acknowledgements;
  private final Worker worker;
  private final Watch watch;
  private final List<Task> tasks = new ArrayList<>();
  private volatile Task heartbeatTask = Task.NONE; // its first turn may come before it is known
  private volatile Task workerTask = Task.NONE; // a handler may end before it is scheduled
  private final Task promoterTask;
  private final Task firingTask;
  private final Counts counts = new Counts();
  private final List<ObservedDuty> duties = new CopyOnWriteArrayList<>(); // a duty reports all
  private final TimeSource time;
  private volatile boolean started;
  private volatile boolean stopping;
  private volatile NodeCommand order = NodeCommand.RUN;
  private final CompletableFuture<@Nullable Void> toldToStop = new CompletableFuture<>();

  /**
   * Starts a node. When this returns, it is known to others and its duties are scheduled.
   *
   * @param onAcknowledged called, on the worker's thread, with acknowledgements after they are
   *     durable, and which of their leases were stale
   */
  public Node(
      NodeInfo info,
      NodeConfig config,
      JobStore store,
      Handlers handlers,
      Platform platform,
      BiConsumer<List<Acknowledgement>, List<Lease>> onAcknowledged) {
    this.info = info;
    this.config = config;
    this.store = store;
    this.platform = platform;
    this.time = platform.time();
    LeaseTrust trust = new LeaseTrust(config.lease(), time);
    LeaseTrust.Sent registered = trust.now();
    ServedWork serves =
        new ServedWork(
            config.queues(),
            handlers.recoveries(),
            handlers.leaseRules(),
            config.capabilities(),
            config.concurrency());
    presence = store.nodes().register(info, serves, config.lease());
    trust.renewed(registered);
    Interruptions interruptions = new Interruptions(handlers);

    OutputFlush output = new OutputFlush(store, platform.time());
    acknowledgements = new Acknowledgements(time, output::isStoring);
    slots =
        new Slots(
            config.concurrency(),
            platform.handlers(),
            presence,
            platform.time(),
            attempt -> trust.holdsSince(attempt.claimedAfterGaps()),
            this::began,
            acknowledgements::submit,
            this::freed);
    watch = new Watch(slots, trust, platform.time());
    worker =
        new Worker(
            store,
            new Claim(info.id(), config.queues(), handlers.types(), config.capabilities(), 0),
            new PollInterval(config.pollInterval(), platform.random()),
            slots,
            acknowledgements,
            trust,
            new NodeServices(
                store,
                handlers,
                new TransitionPolicy(handlers, interruptions, platform.random()),
                output,
                time,
                platform.handlers()),
            counts,
            onAcknowledged,
            watch::stopped);
    Heartbeat heartbeat =
        new Heartbeat(
            info.id(), config.lease(), store, trust, this::phase, this::vitals, this::ordered);
    Recovery recovery =
        new Recovery(
            store,
            new Rescuer(store, interruptions),
            new NodeWatch(info.id(), time),
            counts,
            handlers.listener(),
            time,
            config.name());

    heartbeatTask =
        platform
            .heartbeats()
            .schedule(
                "heartbeat",
                observed(
                    "heartbeat",
                    () -> {
                      int gaps = trust.gaps();
                      Duration next = beat(heartbeat, handlers.listener());
                      worker.checkSoon();
                      if (trust.gaps() > gaps) {
                        workerTask.wake(); // what was taken must end now, and more be claimed
                      }
                      return next;
                    }));
    watch.beatBy(heartbeatTask::wake);
    watch.wakeBy(schedule(platform.watch(), "watch", watch)::wake);
    schedule(platform.recovery(), "recovery", recovery);
    output.wakeBy(schedule(platform.duties(), "notes", output)::wake);
    promoterTask =
        schedule(platform.duties(), "promoter", new Promoter(store, config.pollInterval()));
    JobTemplates templates = new JobTemplates(new JobIds(time, platform.random())::next);
    firingTask =
        schedule(platform.duties(), "schedules", new ScheduleTrigger(store.schedules(), templates));
    if (config.monitor().enabled()) {
      schedule(
          platform.upkeep(),
          "monitor",
          new StuckJobs(
              config.monitor(),
              store,
              handlers,
              interruptions,
              counts,
              new NodeWatch(info.id(), time),
              time,
              platform.random(),
              config.name()));
    }
    schedule(platform.upkeep(), "orders", new ReRanking(store));
    schedule(platform.upkeep(), "bulk operations", new BulkWork(store.bulkOperations()));
    schedule(platform.upkeep(), "retention", new Sweeper(config.retention(), store));
    schedule(platform.upkeep(), "fingerprints", new Fingerprinting(store.insights().failures()));
    schedule(platform.upkeep(), "figures", store.insights().timeSeries()::fold);
    workerTask = platform.worker().schedule("worker", observed("worker", worker));
    workerTask.wake();
    output.whenTried(this::outputTried);
    signals = store.listen(this::signalled);
    started = true;
    heartbeatTask.wake(); // tells the phase
    log.atInfo()
        .addKeyValue("node", info.id())
        .addKeyValue("concurrency", config.concurrency())
        .log("Node '{}' started.", config.name());
  }

  private Duration beat(Heartbeat heartbeat, EngineListener listener) {
    long began = time.ticks();
    try {
      return heartbeat.run();
    } finally {
      listener.transaction(Operation.HEARTBEAT, Duration.ofNanos(time.ticks() - began));
    }
  }

  /** Does this too, until it ends; it may take its time. */
  public void addDuty(String name, Duty duty) {
    schedule(platform.upkeep(), name, duty);
  }

  private Task schedule(Scheduler scheduler, String name, Duty duty) {
    Task task = scheduler.schedule(name, observed(name, duty));
    tasks.add(task);
    return task;
  }

  private Duty observed(String name, Duty duty) {
    ObservedDuty observed = new ObservedDuty(name, duty, time);
    duties.add(observed);
    return observed;
  }

  private NodePhase phase() {
    if (!started) {
      return NodePhase.STARTING;
    }
    if (!stopping && order == NodeCommand.RUN && slots.capacity() > 0) {
      return NodePhase.RUNNING;
    }
    return slots.running().isEmpty() ? NodePhase.QUIET : NodePhase.DRAINING;
  }

  /** Returns what this node reports about itself. */
  public Vitals vitals() {
    return new Vitals(
        slots.running().size(),
        slots.unresponsive(),
        slots.capacity(),
        duties.stream().map(ObservedDuty::last).toList(),
        counts.all());
  }

  /** Does what an operator wants, unless the node is stopping anyway. */
  private void ordered(NodeCommand newest) {
    if (newest == order || stopping) {
      return;
    }
    order = newest;
    log.info("Node '{}' was told to {}.", config.name(), newest.name().toLowerCase(Locale.ROOT));
    switch (newest) {
      case RUN -> worker.startClaiming();
      case DRAIN -> {
        CompletableFuture<@Nullable Void> unused =
            worker.stopClaiming().thenCompose(none -> slots.idle()).thenRun(heartbeatTask::wake);
      }
      case STOP -> {
        CompletableFuture<@Nullable Void> unused = worker.stopClaiming();
        toldToStop.complete(null);
      }
    }
    workerTask.wake();
    heartbeatTask.wake();
  }

  /** Completes, on the heartbeats' thread, when an operator wants this node to end. */
  public CompletableFuture<@Nullable Void> toldToStop() {
    return toldToStop;
  }

  private void began(Attempt attempt) {
    watch.began(attempt);
  }

  /** An acknowledgement may wait for it. */
  private void outputTried() {
    if (!acknowledgements.isEmpty()) {
      workerTask.wake();
    }
  }

  private void freed() {
    workerTask.wake();
  }

  private void signalled(Signal signal) {
    switch (signal) {
      case WORK -> workerTask.wake();
      case SCHEDULED -> promoterTask.wake();
      case REVOKED -> {
        worker.checkSoon();
        workerTask.wake();
      }
      case ORDERED -> heartbeatTask.wake();
      case QUEUES -> workerTask.wake();
      case SCHEDULES -> firingTask.wake();
    }
  }

  /**
   * The process is exiting: a job whose handler brought that about has crashed, as its handler
   * never returns. Not before this node has stopped claiming: it would take the job again.
   */
  public void processExits() {
    for (Attempt attempt : slots.running()) {
      if (attempt.isExiting()) {
        crashed(attempt);
      }
    }
  }

  private void crashed(Attempt attempt) {
    String why = "its handler ended the process by System.exit";
    Rescue crash = Rescue.regardless(attempt.lease(), attempt.afterCrash(why), true, why);
    try {
      store.recovery().rescue(List.of(crash), config.name());
      log.atWarn().addKeyValue("job", attempt.id()).log("Job {} crashed: {}.", attempt.id(), why);
    } catch (HoldfastException unreachable) {
      log.warn("The crash of job {} could not be stored.", attempt.id(), unreachable);
    } finally {
      slots.drop(attempt); // not before: what is held but not here would be given back uncharged
    }
  }

  /** Claims no more and gives back what waits; completes when no claim is under way any more. */
  public CompletableFuture<@Nullable Void> stopClaiming() {
    stopping = true;
    CompletableFuture<@Nullable Void> stopped = worker.stopClaiming();
    workerTask.wake();
    return stopped;
  }

  /** Claims no more and gives back what waits; completes when no handler runs any more. */
  public CompletableFuture<@Nullable Void> drain() {
    return stopClaiming().thenCompose(none -> slots.idle());
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

  /** The jobs whose end could not be stored, as other transactions hold their rows. */
  public Set<JobId> setAside() {
    return acknowledgements.setAside().stream().map(Lease::job).collect(Collectors.toSet());
  }

  /** Ends the duties; the last of them is the heartbeat. A turn under way goes on. */
  public void end() {
    signals.close();
    tasks.forEach(Task::cancel);
    workerTask.cancel();
    heartbeatTask.cancel();
  }

  /** Deregisters when no duty runs any more: a late heartbeat would bring the node back. */
  public void leave() {
    if (acknowledgements.isEmpty() && slots.running().isEmpty()) {
      deregister();
    }
    presence.close();
    log.atInfo().addKeyValue("node", info.id()).log("Node '{}' ended.", config.name());
  }

  /** Deregisters if the store is reachable; otherwise the lease runs out. */
  private void deregister() {
    try {
      store.nodes().deregister(info.id());
    } catch (HoldfastException unreachable) {
      log.warn("The end of node '{}' could not be stored.", config.name(), unreachable);
    }
  }

  /** The jobs whose handlers run, each with how long it has been running. */
  public Map<JobId, Duration> running() {
    Map<JobId, Duration> running = new LinkedHashMap<>();
    slots.running().forEach(attempt -> running.put(attempt.id(), attempt.runningFor()));
    return running;
  }
}
