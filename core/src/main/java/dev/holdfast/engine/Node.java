package dev.holdfast.engine;

import dev.holdfast.JobId;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeConfig;
import dev.holdfast.NodePhase;
import dev.holdfast.Vitals;
import dev.holdfast.engine.runtime.Platform;
import dev.holdfast.engine.schedule.ScheduleTrigger;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.EngineListener.Operation;
import dev.holdfast.spi.JobIds;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Scheduler;
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
  private final Platform platform;
  private final Presence presence;
  private final LeaseTrust trust;
  private final NodeServices services;
  private final NodeDuties duties;
  private final Acknowledgements acknowledgements;
  private final Watch watch;
  private final Slots slots;
  private final Reconciliation reconciliation;
  private final Worker worker;
  private final Counts counts = new Counts();
  private final CompletableFuture<@Nullable Void> toldToStop = new CompletableFuture<>();
  private volatile JobStore.Subscription signals = () -> {};
  private volatile boolean started;
  private volatile boolean stopping;
  private volatile NodeCommand command = NodeCommand.RUN;

  /**
   * Starts a node. When this returns, it is known to others and its duties are scheduled.
   *
   * @param onAcknowledged called, on the worker's thread, with acknowledgements after they are
   *     durable, and which of their leases were stale
   */
  public static Node start(
      NodeInfo info,
      NodeConfig config,
      NodeSetup setup,
      BiConsumer<List<Acknowledgement>, List<Lease>> onAcknowledged) {
    LeaseTrust trust = new LeaseTrust(config.lease(), setup.platform().time());
    LeaseTrust.Sent sent = trust.now();
    ServedWork served = served(config, setup.handlers());
    Presence presence = setup.store().nodes().register(info, served, config.lease());
    trust.renewed(sent);
    Registration registration = new Registration(info, presence, trust);
    Node node = new Node(registration, config, setup, onAcknowledged);
    node.start();
    return node;
  }

  private static ServedWork served(NodeConfig config, Handlers handlers) {
    return new ServedWork(
        config.queues(),
        handlers.recoveries(),
        handlers.leaseRules(),
        config.capabilities(),
        config.concurrency());
  }

  /** A node that the store knows, and the lease that it was given. */
  private record Registration(NodeInfo info, Presence presence, LeaseTrust trust) {}

  private Node(
      Registration registration,
      NodeConfig config,
      NodeSetup setup,
      BiConsumer<List<Acknowledgement>, List<Lease>> onAcknowledged) {
    this.info = registration.info;
    this.presence = registration.presence;
    this.trust = registration.trust;
    this.config = config;
    this.platform = setup.platform();
    JobStore store = setup.store();
    Handlers handlers = setup.handlers();
    TimeSource time = platform.time();
    NodeDuties tasks = new NodeDuties(time);
    duties = tasks;
    OutputFlush output = new OutputFlush(store, time, () -> tasks.wake(NodeDuties.OUTPUT));
    TransitionPolicy transitions =
        new TransitionPolicy(handlers, new Interruptions(handlers), platform.random());
    services =
        new NodeServices(
            store, setup.queue(), handlers, transitions, output, time, platform.handlers());
    Acknowledgements ends = new Acknowledgements(time, output::isStoring);
    acknowledgements = ends;
    output.whenTried(() -> wakeForEnds(ends, tasks));
    watch = new Watch(trust, time, duties);
    slots =
        new Slots(
            config.concurrency(),
            platform.handlers(),
            presence,
            time,
            new AttemptEvents(trust, watch, acknowledgements, duties));
    reconciliation = new Reconciliation(info.id(), services, slots, acknowledgements, watch);
    worker =
        new Worker(
            services,
            new ClaimPlanner(
                new Claim(info.id(), config.queues(), handlers.types(), config.capabilities(), 0),
                new PollInterval(config.pollInterval(), platform.random()),
                slots,
                trust,
                time),
            slots,
            acknowledgements,
            reconciliation,
            new Settlement(services, acknowledgements, counts, onAcknowledged));
  }

  /** An acknowledgement may wait for the output of its attempt. */
  private static void wakeForEnds(Acknowledgements ends, NodeDuties tasks) {
    if (!ends.isEmpty()) {
      tasks.wake(NodeDuties.WORKER);
    }
  }

  private void start() {
    table().forEach(duties::start);
    duties.wake(NodeDuties.WORKER);
    signals = services.store().listen(this::signalled);
    started = true;
    duties.wake(NodeDuties.HEARTBEAT); // tells the phase
    log.atInfo()
        .addKeyValue("node", info.id())
        .addKeyValue("concurrency", config.concurrency())
        .log("Node '{}' started.", config.name());
  }

  /** Returns all duties in the order in which they start: the lease first, claims last. */
  private List<NodeDuties.Entry> table() {
    JobStore store = services.store();
    List<NodeDuties.Entry> table = new ArrayList<>();
    table.add(duty(platform.heartbeats(), NodeDuties.HEARTBEAT, heartbeat()));
    table.add(duty(platform.watch(), NodeDuties.WATCH, () -> watch.look(slots)));
    table.add(duty(platform.recovery(), "recovery", recovery()));
    table.add(duty(platform.duties(), NodeDuties.OUTPUT, services.output()));
    table.add(
        duty(platform.duties(), NodeDuties.PROMOTER, new Promoter(store, config.pollInterval())));
    table.add(duty(platform.duties(), NodeDuties.SCHEDULES, scheduleTrigger()));
    if (config.monitor().enabled()) {
      table.add(duty(platform.upkeep(), "monitor", monitor()));
    }
    table.add(duty(platform.upkeep(), "orders", new ReRanking(store)));
    table.add(
        duty(platform.upkeep(), "bulk operations", BulkWork.operations(store.bulkOperations())));
    table.add(duty(platform.upkeep(), "field index", BulkWork.fieldIndex(store.bulkOperations())));
    table.add(duty(platform.upkeep(), "retention", new Sweeper(config.retention(), store)));
    table.add(
        duty(
            platform.upkeep(), "fingerprints", BulkWork.fingerprints(store.insights().failures())));
    table.add(duty(platform.upkeep(), "figures", store.insights().timeSeries()::fold));
    table.add(duty(platform.worker(), NodeDuties.WORKER, worker));
    return table;
  }

  private static NodeDuties.Entry duty(Scheduler thread, String name, Duty duty) {
    return new NodeDuties.Entry(thread, name, duty);
  }

  private Duty heartbeat() {
    Heartbeat heartbeat =
        new Heartbeat(info.id(), config.lease(), services.store(), trust, new Report());
    return () -> {
      int gaps = trust.gaps();
      Duration next = beat(heartbeat);
      reconciliation.checkSoon();
      if (trust.gaps() > gaps) {
        duties.wake(NodeDuties.WORKER); // what was taken must end now, and more be claimed
      }
      return next;
    };
  }

  private Duration beat(Heartbeat heartbeat) {
    TimeSource time = services.time();
    long began = time.ticks();
    try {
      return heartbeat.run();
    } finally {
      Duration took = Duration.ofNanos(time.ticks() - began);
      services.handlers().listener().transaction(Operation.HEARTBEAT, took);
    }
  }

  private Duty recovery() {
    Rescuer rescuer = new Rescuer(services.store(), new Interruptions(services.handlers()));
    return new Recovery(services, rescuer, nodeWatch(), counts, config.name());
  }

  private Duty scheduleTrigger() {
    JobIds ids = new JobIds(services.time(), platform.random());
    return new ScheduleTrigger(services.store().schedules(), ids::next);
  }

  private Duty monitor() {
    return new StuckJobs(config.monitor(), services, nodeWatch(), counts, config.name());
  }

  private NodeWatch nodeWatch() {
    return new NodeWatch(info.id(), trust, services.time());
  }

  /** Adds a background duty; it may block. */
  public void addDuty(String name, Duty duty) {
    duties.start(duty(platform.upkeep(), name, duty));
  }

  /** Answers what heartbeats ask of this node, and takes the orders they bring. */
  private final class Report implements Heartbeat.Reporter {
    @Override
    public NodePhase phase() {
      if (!started) {
        return NodePhase.STARTING;
      }
      if (!stopping && command == NodeCommand.RUN && slots.capacity() > 0) {
        return NodePhase.RUNNING;
      }
      return slots.running().isEmpty() ? NodePhase.QUIET : NodePhase.DRAINING;
    }

    @Override
    public Vitals vitals() {
      return Node.this.vitals();
    }

    @Override
    public void obey(NodeCommand newest) {
      Node.this.obey(newest);
    }
  }

  /** Returns what this node reports about itself. */
  public Vitals vitals() {
    return new Vitals(
        slots.running().size(),
        slots.unresponsive(),
        slots.capacity(),
        duties.last(),
        counts.all());
  }

  /** Does what an operator wants, unless the node is stopping anyway. */
  private void obey(NodeCommand newest) {
    if (newest == command || stopping) {
      return;
    }
    command = newest;
    log.info("Node '{}' was told to {}.", config.name(), newest.name().toLowerCase(Locale.ROOT));
    switch (newest) {
      case RUN -> worker.startClaiming();
      case DRAIN -> {
        CompletableFuture<@Nullable Void> unused =
            worker
                .stopClaiming()
                .thenCompose(none -> slots.idle())
                .thenRun(() -> duties.wake(NodeDuties.HEARTBEAT));
      }
      case STOP -> {
        CompletableFuture<@Nullable Void> unused = worker.stopClaiming();
        toldToStop.complete(null);
      }
    }
    duties.wake(NodeDuties.WORKER);
    duties.wake(NodeDuties.HEARTBEAT);
  }

  /** Completes, on the heartbeats' thread, when an operator wants this node to end. */
  public CompletableFuture<@Nullable Void> toldToStop() {
    return toldToStop;
  }

  private void signalled(Signal signal) {
    switch (signal) {
      case WORK, QUEUES -> duties.wake(NodeDuties.WORKER);
      case SCHEDULED -> duties.wake(NodeDuties.PROMOTER);
      case REVOKED -> {
        reconciliation.checkSoon();
        duties.wake(NodeDuties.WORKER);
      }
      case ORDERED -> duties.wake(NodeDuties.HEARTBEAT);
      case SCHEDULES -> duties.wake(NodeDuties.SCHEDULES);
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
      services.store().recovery().rescue(List.of(crash), config.name());
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
    duties.wake(NodeDuties.WORKER);
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
    duties.wake(NodeDuties.WORKER);
    return flushed;
  }

  /** The jobs whose end could not be stored, as other transactions hold their rows. */
  public Set<JobId> setAside() {
    return acknowledgements.setAside().stream().map(Lease::job).collect(Collectors.toSet());
  }

  /** Ends the duties; the last of them is the heartbeat. A turn under way goes on. */
  public void end() {
    signals.close();
    duties.cancel();
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
      services.store().nodes().deregister(info.id());
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
