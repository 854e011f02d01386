package dev.holdfast;

import dev.holdfast.engine.AcknowledgementListeners;
import dev.holdfast.engine.Companions;
import dev.holdfast.engine.Handlers;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.engine.Node;
import dev.holdfast.engine.NodeSetup;
import dev.holdfast.engine.NodeStop;
import dev.holdfast.engine.ShutdownReport;
import dev.holdfast.engine.StoreLookup;
import dev.holdfast.engine.ThisProcess;
import dev.holdfast.engine.queue.EmbeddedQueue;
import dev.holdfast.engine.queue.StoreQueue;
import dev.holdfast.engine.runtime.Platform;
import dev.holdfast.engine.runtime.ProcessRuntime;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Companion;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.Embedding;
import dev.holdfast.spi.EngineListener;
import dev.holdfast.spi.EngineRuntime;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.Tracing;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The entry: a queue, and on request a node that runs handlers.
 *
 * <pre>{@code
 * try (Holdfast holdfast = Holdfast.open("jobs.db")) {
 *   holdfast.handle("greet", String.class, (name, job) -> "Hello, " + name);
 *   holdfast.start();
 *   JobId id = holdfast.enqueue(NewJob.of("greet", "Ada")).id();
 * }
 * }</pre>
 *
 * <p>Opening makes no threads. {@link #start} makes daemon threads, which do not keep a process
 * alive. {@link #close} stops it cleanly; a process that exits without it still lets its handlers
 * end and releases their jobs, and one that is killed leaves proof of its death for others.
 */
public final class Holdfast implements AutoCloseable {
  private final JobStore store;
  private final EngineRuntime runtime;
  private final Handlers handlers = new Handlers(new JacksonCodec());
  private final StoreQueue queue;
  private final AcknowledgementListeners listeners = new AcknowledgementListeners();
  private final ReentrantLock lock = new ReentrantLock();
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private volatile @Nullable Platform platform; // written under lock, like all below
  private volatile @Nullable Node node;
  private volatile Runnable leaveExitHook = () -> {};
  private volatile Duration grace = NodeConfig.defaults().grace();
  private volatile boolean closed;
  private final Map<String, Duty> duties = new LinkedHashMap<>();
  private final Companions companions = new Companions();

  private Holdfast(JobStore store, EngineRuntime runtime) {
    this.store = store;
    this.runtime = runtime;
    this.queue = new StoreQueue(store, handlers, runtime, () -> platform().duties());
  }

  /**
   * Opens the queue at {@code address}, and creates it if there is none.
   *
   * @param address the path of an SQLite file, or a {@code jdbc:} URL
   * @throws InvalidRequestException if no module for such an address is present
   * @throws HoldfastException if the database cannot be opened; the message says why
   */
  public static Holdfast open(String address) {
    return open(address, OpenMode.CREATE);
  }

  /**
   * Opens the queue at {@code address}, which must exist.
   *
   * @throws NotFoundException if it does not
   */
  public static Holdfast openExisting(String address) {
    return open(address, OpenMode.EXISTING);
  }

  /**
   * Returns a queue over an open store, with other clocks and threads than those of the process:
   * for tests. Closing it closes the store.
   */
  public static Holdfast over(JobStore store, EngineRuntime runtime) {
    return new Holdfast(store, runtime);
  }

  /** Returns the version of this library, such as {@code 0.1.0}. */
  public static String version() {
    return ThisProcess.version();
  }

  private static Holdfast open(String address, OpenMode mode) {
    EngineRuntime process = new ProcessRuntime();
    return new Holdfast(StoreLookup.open(address, mode, process.time()), process);
  }

  /** Returns the queue: jobs, and beside them queues, nodes, schedules and maintenance. */
  public JobQueue queue() {
    return queue;
  }

  /** Enqueues one job, as {@link JobQueue#enqueue(NewJob)} does. */
  public Enqueued enqueue(NewJob job) {
    return queue.enqueue(job);
  }

  /** Returns the job with this id. */
  public Optional<Job> find(JobId id) {
    return queue.find(id);
  }

  /** Waits for a job to finish, as {@link JobQueue#await(JobId, Duration)} does. */
  public CompletableFuture<Job> await(JobId id, Duration timeout) {
    return queue.await(id, timeout);
  }

  /** Returns what only programs need that serve this queue to others or build on it. */
  public Embedding embedding() {
    return new EmbeddedQueue(store, queue, runtime, handlers);
  }

  /**
   * Names the handler of a type, with the default policy. Before {@link #start}.
   *
   * @param type the jobs' type
   * @param payload what the payload is decoded to
   * @param handler user code; called by several threads at once
   * @return this
   * @throws InvalidRequestException if the type has a handler already
   * @throws ConflictException if the node was started
   */
  public <T> Holdfast handle(String type, Class<T> payload, JobHandler<? super T> handler) {
    return handle(type, payload, handler, HandlerPolicy.defaults());
  }

  /** Like {@link #handle(String, Class, JobHandler)}, with a policy of its own. */
  public <T> Holdfast handle(
      String type, Class<T> payload, JobHandler<? super T> handler, HandlerPolicy policy) {
    return handle(JobType.of(type, payload).policy(policy), handler);
  }

  /** Like {@link #handle(String, Class, JobHandler)}, for a type with aliases or versions. */
  public <T> Holdfast handle(JobType<T, ?> type, JobHandler<? super T> handler) {
    beforeStart(
        "the handler of type '%s'".formatted(type.name()), () -> handlers.add(type, handler));
    return this;
  }

  private void beforeStart(String what, Runnable change) {
    lock.lock();
    try {
      if (node != null) {
        throw new ConflictException("the node was started: name %s before".formatted(what));
      }
      change.run();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Declares a recurring job, as {@link Schedules#put} does: to declare it again changes nothing.
   *
   * @return this
   */
  public Holdfast schedule(Schedule schedule) {
    queue.schedules().put(schedule);
    return this;
  }

  /**
   * Calls {@code listener} with acknowledgements once they are durable, and those of their leases
   * that were stale. On a thread of the engine: it must return quickly.
   */
  public void onAcknowledged(BiConsumer<List<Acknowledgement>, List<Lease>> listener) {
    listeners.add(listener);
  }

  /**
   * Adds background work to that of this process's node. Call it before {@link #start}.
   *
   * @param name what health calls it
   * @return this
   * @throws ConflictException if the node was started
   */
  public Holdfast duty(String name, Duty duty) {
    beforeStart("the duty '%s'".formatted(name), () -> duties.put(name, duty));
    return this;
  }

  /**
   * Ends {@code companion} with this queue: after the handlers, and before the store.
   *
   * @return this
   */
  public Holdfast closeWith(Companion companion) {
    companions.add(companion);
    return this;
  }

  /**
   * Connects jobs with the traces of this program: those that it enqueues become a part of the
   * trace in which that happens, and their handlers run in it, wherever that is. Without this, a
   * trace that came with a job is handed on.
   *
   * @return this
   */
  public Holdfast traceBy(Tracing tracing) {
    handlers.traceBy(tracing);
    return this;
  }

  /**
   * Runs {@code interceptor} around every handler, inside of those that were added before.
   *
   * @return this
   * @throws ConflictException if the node was started
   */
  public Holdfast intercept(HandlerInterceptor interceptor) {
    beforeStart("an interceptor", () -> handlers.interceptBy(interceptor));
    return this;
  }

  /**
   * Sets how long a job may run until health reports it as stuck. Default: what the monitor of this
   * process's node goes by, else that of {@link MonitorConfig#defaults}.
   *
   * @return this
   */
  public Holdfast stuckAfter(Duration limit) {
    queue.stuckAfter(limit);
    return this;
  }

  /**
   * Reports what this process does with jobs to {@code listener}, such as one that keeps meters.
   *
   * @return this
   */
  public Holdfast observeBy(EngineListener listener) {
    handlers.observeBy(listener);
    return this;
  }

  /** Starts a node with the default configuration. */
  public void start() {
    start(NodeConfig.defaults());
  }

  /**
   * Starts a node in this process: it recovers what dead nodes left and runs the jobs of the types
   * that have handlers.
   *
   * @throws ConflictException if it was started before
   */
  public void start(NodeConfig config) {
    lock.lock();
    try {
      if (closed || node != null) {
        throw new ConflictException("the node was started before, or closed: open another");
      }
      grace = config.grace();
      queue.stuckAfter(config.monitor().jobTimeout());
      NodeInfo self = ThisProcess.newNode(config.name());
      NodeSetup setup = new NodeSetup(store, queueOfHandlers(), handlers, platform());
      node = Node.start(self, config, setup, this::acknowledged);
      duties.forEach(node::addDuty);
      leaveExitHook = runtime.atExit(this::closeAtExit);
      CompletableFuture<@Nullable Void> unused =
          node.toldToStop().thenRunAsync(this::close, runtime.callbacks());
    } finally {
      lock.unlock();
    }
  }

  /** Returns a queue whose futures complete on the thread that watches them. */
  private JobQueue queueOfHandlers() {
    Platform threads = platform();
    return new StoreQueue(
        store, handlers, threads.time(), threads.random(), threads::duties, Runnable::run);
  }

  private void acknowledged(List<Acknowledgement> acknowledgements, List<Lease> stale) {
    queue.jobsFinished();
    listeners.call(acknowledgements, stale);
  }

  private Platform platform() {
    lock.lock();
    try {
      if (platform == null) {
        if (closed) {
          throw new ConflictException("this queue was closed: open it again");
        }
        platform = Platform.start(runtime);
      }
      return platform;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Claims no more jobs, and waits for the running handlers at most this long.
   *
   * @return those that still run, each with how long it has been running
   */
  public Map<JobId, Duration> drain(Duration wait) {
    Node running = node;
    return running == null ? Map.of() : new NodeStop(running, runtime).drain(wait);
  }

  /** Returns whether it is closed or closing: by {@link #close}, or by an operator's command. */
  public boolean isClosed() {
    return closed;
  }

  /** Returns what this process's node reports about itself; empty if it was not started. */
  public Vitals vitals() {
    Node running = node;
    return running == null ? Vitals.none() : running.vitals();
  }

  /**
   * Stops cleanly: claims no more, waits for running handlers for the grace period of the
   * configuration, interrupts those that still run, gives their jobs back without using up an
   * attempt, makes every end durable, ends what {@linkplain #closeWith closes with} it, and closes
   * the store. When called again, it waits for that.
   */
  @Override
  public void close() {
    if (!beginClosing()) {
      ended.join(); // another caller closes it, perhaps the shutdown hook
      return;
    }
    try {
      closeAll();
    } finally {
      ended.complete(null);
    }
  }

  /** Closes from the shutdown hook; a handler may have caused the exit. */
  private void closeAtExit() {
    if (node != null) {
      new NodeStop(node, runtime).beforeExit();
    }
    close();
  }

  private boolean beginClosing() {
    lock.lock();
    try {
      boolean first = !closed;
      closed = true;
      return first;
    } finally {
      lock.unlock();
    }
  }

  /** Closes without the lock, as handlers that still run may use this queue. */
  private void closeAll() {
    leaveExitHook.run();
    companions.queueCloses();
    if (node != null) {
      new NodeStop(node, runtime).inOrder(grace, new ShutdownReport(runtime.time(), node::running));
    }
    companions.close();
    if (platform != null) {
      platform.close();
    }
    if (node != null) {
      node.leave();
    }
    store.close();
  }
}
