package dev.holdfast.testkit;

import static java.util.Objects.requireNonNull;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Job;
import dev.holdfast.JobHandler;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobType;
import dev.holdfast.NodeConfig;
import dev.holdfast.NodeId;
import dev.holdfast.Vitals;
import dev.holdfast.engine.Handlers;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.PayloadCodec;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.test.time.VirtualProcess;
import dev.holdfast.test.time.VirtualScheduler;
import dev.holdfast.test.time.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Several processes with the real engine over one store, in virtual time: nothing happens until a
 * test lets time pass.
 *
 * <pre>{@code
 * try (World world = new World()) {
 *   world.handle("mail", String.class, (to, job) -> "sent", HandlerPolicy.defaults());
 *   world.start("a");
 *   JobId id = world.queue().enqueue(NewJob.of("mail", "ada")).id();
 *   world.advance(Duration.ofSeconds(1));
 *   assertThat(world.job(id)).isCompleted();
 * }
 * }</pre>
 */
public final class World implements AutoCloseable {

  /** The connections between processes and the store. */
  @FunctionalInterface
  interface Links {
    /** Returns the store as {@code process} sees it. */
    JobStore link(VirtualProcess process, JobStore store);
  }

  private final SplittableRandom random;
  private final VirtualTime time;
  private final Supplier<Duration> handOver;
  private final PayloadCodec codec = new JacksonCodec();
  private final WorldStore shared;
  private final UnaryOperator<JobStore> ground;
  private final Links links;
  private final JobStore sight;
  private final JobQueue queue;
  private final VirtualProcess outside = new VirtualProcess("outside");
  private final List<Consumer<Handlers>> handlers = new ArrayList<>();
  private final List<BiConsumer<List<Acknowledgement>, List<Lease>>> listeners = new ArrayList<>();
  private final Map<String, WorldNode> nodes = new HashMap<>();
  private final List<String> dutyFailures = new ArrayList<>();

  /**
   * Creates a world over a store in memory, without faults and with events in the planned order.
   */
  public World() {
    this(
        new SplittableRandom(1),
        new VirtualTime(),
        WorldStore::inMemory,
        () -> Duration.ZERO,
        store -> store,
        (process, store) -> store);
  }

  /**
   * Creates a world whose store is wrapped in two ways.
   *
   * @param store creates the store, which this world closes
   * @param handOver the delay of a handler's start
   * @param ground wraps the store for all processes
   * @param links wraps it for each process
   */
  World(
      SplittableRandom random,
      VirtualTime time,
      Function<VirtualTime, WorldStore> store,
      Supplier<Duration> handOver,
      UnaryOperator<JobStore> ground,
      Links links) {
    this.random = random;
    this.time = time;
    this.handOver = handOver;
    this.shared = store.apply(time);
    this.ground = ground;
    this.links = links;
    this.sight = ground.apply(shared.open());
    this.queue = queueOver(outside, sight);
  }

  /** Returns the time of this world. */
  @SuppressWarnings("exports") // virtual time is for tests of this build
  public VirtualTime time() {
    return time;
  }

  /** Returns the store, without any fault in between. */
  public JobStore store() {
    return sight;
  }

  /** Returns the number of visible nodes and of listeners. */
  int openThings() {
    return shared.openThings();
  }

  /** Returns the queue as a client that is not one of the nodes sees it. */
  public JobQueue queue() {
    return queue;
  }

  /** Returns the queue as {@code process} sees it. */
  JobQueue queueOf(VirtualProcess process) {
    return queueOver(process, links.link(process, ground.apply(shared.open())));
  }

  private JobQueue queueOver(VirtualProcess process, JobStore store) {
    Scheduler duties = new VirtualScheduler(time, process, this::dutyFailed);
    return new StoreQueue(
        store, new Handlers(codec), time, random.split(), () -> duties, Runnable::run);
  }

  /** Returns a process that is not a node, for events from outside. */
  VirtualProcess outside() {
    return outside;
  }

  /** Sets the handler of a type, for nodes that start from now on. */
  public <T> World handle(
      String type, Class<T> payload, JobHandler<? super T> handler, HandlerPolicy policy) {
    return handle(JobType.of(type, payload).policy(policy), handler);
  }

  /** Sets the handler of a type, for nodes that start from now on. */
  public <T> World handle(JobType<T, ?> type, JobHandler<? super T> handler) {
    handlers.add(node -> node.add(type, handler));
    return this;
  }

  /** Notifies {@code listener} of acknowledgements of nodes that start from now on. */
  void onAcknowledged(BiConsumer<List<Acknowledgement>, List<Lease>> listener) {
    listeners.add(listener);
  }

  /** Starts a node with the default configuration; a new incarnation if there was one before. */
  public void start(String name) {
    start(name, NodeConfig.defaults());
  }

  /** Starts a node, as {@link #start(String)} does. */
  public void start(String name, NodeConfig config) {
    if (lives(name)) {
      throw new IllegalStateException("node " + name + " lives already");
    }
    Handlers own = new Handlers(codec);
    handlers.forEach(handler -> handler.accept(own));
    WorldNode node =
        new WorldNode(name, config.name(name), time, random.split(), shared.open(), shared);
    nodes.put(name, node);
    node.start(
        links.link(node.process(), ground.apply(node.handle())),
        own,
        this::dutyFailed,
        handOver,
        (ends, stale) -> listeners.forEach(listener -> listener.accept(ends, stale)));
  }

  private void dutyFailed(String duty, Throwable failure) {
    dutyFailures.add(duty + ": " + failure);
  }

  /** Returns the exceptions of duties so far. */
  public List<String> dutyFailures() {
    return List.copyOf(dutyFailures);
  }

  /** Kills the node's process instantly. */
  public void crash(String name) {
    node(name).crash();
  }

  /** Pauses everything in the node's process for that long; only its clocks go on. */
  public void pause(String name, Duration pause) {
    node(name).process().pause(time, pause);
  }

  /**
   * Pauses like {@link #pause}, with the monotonic clock stopped too, as on a suspended machine.
   */
  public void suspend(String name, Duration pause) {
    node(name).process().suspend(time, pause);
  }

  /** Stops the node regularly, like a process that is asked to end; takes time. */
  public void stop(String name, Duration grace) {
    node(name).stop(grace);
  }

  /** Returns whether the process of the node is alive. */
  public boolean lives(String name) {
    @Nullable WorldNode node = nodes.get(name);
    return node != null && node.process().isAlive();
  }

  /** Returns the id of the node's newest incarnation. */
  public NodeId id(String name) {
    return node(name).id();
  }

  /** Returns the state that the node reports. */
  public Vitals vitals(String name) {
    return node(name).vitals();
  }

  VirtualProcess process(String name) {
    return node(name).process();
  }

  /** Returns the node of that process, if it is one. */
  Optional<WorldNode> nodeOf(VirtualProcess process) {
    return nodes.values().stream().filter(node -> node.process() == process).findFirst();
  }

  private WorldNode node(String name) {
    return requireNonNull(nodes.get(name), () -> "no node " + name);
  }

  /** Lets this much time pass, with all events in it. */
  public void advance(Duration duration) {
    time.advance(duration);
  }

  /** Returns the job as stored. */
  public Job job(JobId id) {
    return sight.find(id).orElseThrow(() -> new AssertionError("there is no job " + id));
  }

  /** Ends all processes and threads. */
  @Override
  public void close() {
    nodes.values().forEach(WorldNode::crash);
    outside.die();
    time.close();
    shared.close();
  }
}
