package dev.holdfast;

import dev.holdfast.engine.Handlers;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.engine.Node;
import dev.holdfast.engine.Platform;
import dev.holdfast.engine.ShutdownHook;
import dev.holdfast.engine.ShutdownReport;
import dev.holdfast.engine.StoreQueue;
import dev.holdfast.engine.ThisProcess;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.AlertStore;
import dev.holdfast.spi.Archive;
import dev.holdfast.spi.AuditLog;
import dev.holdfast.spi.Companion;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.PayloadCodec;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.StoreProvider;
import dev.holdfast.spi.StoreProvider.OpenMode;
import dev.holdfast.spi.StoreProvider.Surroundings;
import dev.holdfast.spi.SystemTime;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.TokenStore;
import dev.holdfast.spi.Tracing;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.WebhookStore;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
 * alive. {@link #close} stops in order; a process that exits without it still lets its handlers end
 * and releases their jobs, and one that is killed leaves proof of its death for others.
 */
public final class Holdfast implements JobQueue, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Holdfast.class);

  /** How long interrupted handlers may take to return; longer than ending a child process takes. */
  private static final Duration INTERRUPTED_MAX = Duration.ofSeconds(8);

  private static final Duration FLUSH_MAX = Duration.ofSeconds(15);

  private final JobStore store;
  private final PayloadCodec codec = new JacksonCodec();
  private final TimeSource time;
  private final Handlers handlers = new Handlers(codec);
  private final StoreQueue queue;
  private final List<BiConsumer<List<Acknowledgement>, List<Lease>>> listeners =
      new CopyOnWriteArrayList<>();
  private final ReentrantLock lock = new ReentrantLock();
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private volatile @Nullable Platform platform; // written under lock, like all below
  private volatile @Nullable Node node;
  private volatile @Nullable ShutdownHook hook;
  private volatile Duration grace = NodeConfig.defaults().grace();
  private boolean closed;
  private final Map<String, Duty> duties = new LinkedHashMap<>();
  private final List<Companion> companions = new CopyOnWriteArrayList<>();

  private Holdfast(JobStore store, TimeSource time) {
    this.store = store;
    this.time = time;
    this.queue =
        new StoreQueue(
            store,
            codec,
            handlers,
            time,
            Platform.systemRandom(),
            () -> platform().duties(),
            ForkJoinPool.commonPool());
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

  private static Holdfast open(String address, OpenMode mode) {
    TimeSource time = new SystemTime();
    Surroundings surroundings =
        new Surroundings(time, Platform.storeThreads(), ThisProcess.newNode("opened"));
    for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
      Optional<JobStore> store = provider.open(address, mode, surroundings);
      if (store.isPresent()) {
        return new Holdfast(store.get(), time);
      }
    }
    throw new InvalidRequestException(
        "no store for '%s' is on the class path: add holdfast-sqlite for a file, or the module of the URL's database"
            .formatted(address));
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

  /**
   * Like {@link #handle(String, Class, JobHandler)}, for a type with aliases or payloads of several
   * versions.
   */
  public <T> Holdfast handle(JobType<T> type, JobHandler<? super T> handler) {
    lock.lock();
    try {
      if (node != null) {
        throw new ConflictException(
            "the node was started: name the handler of type '%s' before".formatted(type.name()));
      }
      handlers.add(type, handler);
      return this;
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
   * Names background work that the node of this process is to do beside its own. Before {@link
   * #start}.
   *
   * @param name what health calls it
   * @return this
   * @throws ConflictException if the node was started
   */
  public Holdfast duty(String name, Duty duty) {
    lock.lock();
    try {
      if (node != null) {
        throw new ConflictException(
            "the node was started: name the duty '%s' before".formatted(name));
      }
      duties.put(name, duty);
      return this;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Ends {@code companion} with this queue: after the handlers, and before the store.
   *
   * @return this
   */
  public Holdfast accompany(Companion companion) {
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
      node =
          new Node(
              ThisProcess.newNode(config.name()),
              config,
              store,
              handlers,
              codec,
              platform(),
              this::acknowledged);
      duties.forEach(node::addDuty);
      hook = ShutdownHook.add(this::closeAtExit);
      CompletableFuture<@Nullable Void> unused =
          node.toldToStop().thenRunAsync(this::close, ForkJoinPool.commonPool());
    } finally {
      lock.unlock();
    }
  }

  private void acknowledged(List<Acknowledgement> acknowledgements, List<Lease> stale) {
    queue.jobsFinished();
    for (BiConsumer<List<Acknowledgement>, List<Lease>> listener : listeners) {
      try {
        listener.accept(acknowledgements, stale);
      } catch (RuntimeException failure) {
        log.warn("A listener of acknowledgements failed.", failure);
      }
    }
  }

  private Platform platform() {
    lock.lock();
    try {
      if (platform == null) {
        if (closed) {
          throw new ConflictException("this queue was closed: open it again");
        }
        platform = Platform.start(time);
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
    if (running == null) {
      return Map.of();
    }
    awaitQuietly(running.drain(), wait);
    return running.running();
  }

  /** Whether it was closed, or is closing: by {@link #close}, or by an operator's order to stop. */
  public boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** What this process's node tells of itself; of a node that was not started, nothing. */
  public Vitals vitals() {
    Node running = node;
    return running == null ? Vitals.none() : running.vitals();
  }

  /**
   * Stops in order: claims no more, waits for running handlers for the grace period of the
   * configuration, interrupts those that still run, gives their jobs back without using up an
   * attempt, makes every end durable, ends what {@linkplain #accompany accompanies} it, and closes
   * the store. When called again, it waits for that.
   */
  @Override
  public void close() {
    if (!beginClosing()) {
      ended.join(); // somebody else closes it, perhaps the process's exit
      return;
    }
    try {
      closeAll();
    } finally {
      ended.complete(null);
    }
  }

  /** From the hook, as the process exits; a handler may have brought that about. */
  private void closeAtExit() {
    Node running = node;
    if (running != null) {
      awaitQuietly(running.stopClaiming(), FLUSH_MAX);
      running.processExits();
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

  /** Without the lock, as handlers that still run may use this queue. */
  private void closeAll() {
    if (hook != null) {
      hook.remove();
    }
    eachCompanion(Companion::queueCloses);
    if (node != null) {
      stop(node);
    }
    eachCompanion(Companion::close);
    if (platform != null) {
      platform.close();
    }
    if (node != null) {
      node.leave();
    }
    store.close();
  }

  private void eachCompanion(Consumer<Companion> step) {
    for (Companion companion : companions) {
      try {
        step.accept(companion);
      } catch (RuntimeException failure) {
        log.warn("What accompanies the queue did not end in order.", failure);
      }
    }
  }

  private void stop(Node running) {
    ShutdownReport report = new ShutdownReport(time, running::running);
    boolean drained = awaitQuietly(running.drain(), grace);
    if (!drained) {
      report.graceEnded(grace);
      awaitQuietly(running.interrupt(), INTERRUPTED_MAX);
    }
    report.handlersEnded();
    if (!awaitQuietly(running.settle(), FLUSH_MAX)) {
      log.warn("The store did not take all acknowledgements; those jobs will start again.");
    }
    running.end();
    report.write();
  }

  /** An interrupt ends the waiting, not the stopping. @return whether the future completed */
  private static boolean awaitQuietly(CompletableFuture<@Nullable Void> future, Duration wait) {
    try {
      future.get(wait.toNanos(), TimeUnit.NANOSECONDS);
      return true;
    } catch (TimeoutException late) {
      return false;
    } catch (InterruptedException hurry) {
      Thread.currentThread().interrupt();
      return false;
    } catch (ExecutionException failure) {
      throw new IllegalStateException("a stop failed: a bug", failure.getCause());
    }
  }

  /** The queue as a whole, for programs that export it, import it or copy it elsewhere. */
  public Archive archive() {
    return store.archive();
  }

  /**
   * The store below this queue, for programs that serve it to others. Whoever uses it does himself
   * what the engine does: above all, no end of an attempt without its lease.
   */
  public JobStore store() {
    return store;
  }

  /** The clocks that this queue goes by, for such programs. */
  public TimeSource time() {
    return time;
  }

  /**
   * A thread of its own for background work of such programs, which close it.
   *
   * @param name what the thread is called, after {@code holdfast-}
   */
  public Scheduler newScheduler(String name) {
    return Platform.scheduler(name, time);
  }

  /** The tokens of this queue, for programs that serve it to others. */
  public TokenStore tokens() {
    return store.tokens();
  }

  /** What keeps the database itself in order, for programs that administer this queue. */
  public Upkeep upkeep() {
    return store.upkeep();
  }

  /** Who did what through a server, for programs that serve this queue to others. */
  public AuditLog audit() {
    return store.audit();
  }

  /** The webhooks of this queue, for programs that deliver what they are to be told. */
  public WebhookStore webhooks() {
    return store.webhooks();
  }

  /** What is watched, for programs that raise alerts. */
  public AlertStore alerts() {
    return store.alerts();
  }

  @Override
  public List<Enqueued> enqueue(List<NewJob> jobs) {
    return queue.enqueue(jobs);
  }

  @Override
  public JobId newId() {
    return queue.newId();
  }

  @Override
  public JobQueue in(Transaction transaction) {
    return queue.in(transaction);
  }

  @Override
  public Optional<Job> find(JobId id) {
    return queue.find(id);
  }

  @Override
  public Page<Job> list(JobFilter filter, PageRequest page) {
    return queue.list(filter, page);
  }

  @Override
  public List<JobEvent> events(JobId id) {
    return queue.events(id);
  }

  @Override
  public List<LogLine> logs(LogFilter filter) {
    return queue.logs(filter);
  }

  @Override
  public QueueStatus status() {
    return queue.status();
  }

  @Override
  public Optional<String> lastGroup(String prefix) {
    return queue.lastGroup(prefix);
  }

  @Override
  public CompletableFuture<List<Job>> await(Collection<JobId> ids, Duration timeout) {
    return queue.await(ids, timeout);
  }

  @Override
  public List<Changed> cancel(List<JobId> ids, String by) {
    return queue.cancel(ids, by);
  }

  @Override
  public List<Changed> retry(List<JobId> ids, String by) {
    return queue.retry(ids, by);
  }

  @Override
  public List<Changed> resume(List<JobId> ids, String by) {
    return queue.resume(ids, by);
  }

  @Override
  public List<JobId> recoverStuck(
      Duration longerThan, JobFilter filter, MonitorConfig.Action action, int limit, String by) {
    return queue.recoverStuck(longerThan, filter, action, limit, by);
  }

  @Override
  public List<JobId> recoverDead(Optional<RecoveryPolicy> policy, String by) {
    return queue.recoverDead(policy, by);
  }

  @Override
  public List<JobId> removeOld(Retention retention) {
    return queue.removeOld(retention);
  }

  @Override
  public List<NodeId> order(NodeOrder order, List<NodeId> nodes) {
    return queue.order(order, nodes);
  }

  @Override
  public Explanation explain(JobId id) {
    return queue.explain(id);
  }

  @Override
  public Map<String, String> checkpoints(JobId id) {
    return queue.checkpoints(id);
  }

  @Override
  public List<Predecessor> predecessors(JobId id, int from, int limit) {
    return queue.predecessors(id, from, limit);
  }

  @Override
  public Page<Job> dependents(JobId id, PageRequest page) {
    return queue.dependents(id, page);
  }

  @Override
  public List<Finding> examine() {
    return queue.examine();
  }

  @Override
  public QueueSettings settings(String queueName) {
    return queue.settings(queueName);
  }

  @Override
  public QueueSettings configure(String queueName, UnaryOperator<QueueSettings> change) {
    return queue.configure(queueName, change);
  }

  @Override
  public boolean pauseQueue(String queueName, String by) {
    return queue.pauseQueue(queueName, by);
  }

  @Override
  public boolean resumeQueue(String queueName) {
    return queue.resumeQueue(queueName);
  }

  @Override
  public void limitType(String type, Optional<Integer> concurrency) {
    queue.limitType(type, concurrency);
  }

  @Override
  public RunNext runNext(String name, String by) {
    return queue.runNext(name, by);
  }

  @Override
  public Map<String, Integer> typeLimits() {
    return queue.typeLimits();
  }

  @Override
  public List<QueueSummary> queues() {
    return queue.queues();
  }

  @Override
  public List<Changed> move(List<JobId> ids, String queueName) {
    return queue.move(ids, queueName);
  }

  @Override
  public boolean signal(JobId id, String name, @Nullable Object payload, String by) {
    return queue.signal(id, name, payload, by);
  }

  @Override
  public void replace(JobId id, Replacement replacement, String by) {
    queue.replace(id, replacement, by);
  }

  @Override
  public Optional<JobId> findByKey(String type, String key, Optional<String> group) {
    return queue.findByKey(type, key, group);
  }

  @Override
  public List<Changed> delete(List<JobId> ids) {
    return queue.delete(ids);
  }

  @Override
  public Schedules schedules() {
    return queue.schedules();
  }
}
