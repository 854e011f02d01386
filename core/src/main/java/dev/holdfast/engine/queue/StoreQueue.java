package dev.holdfast.engine.queue;

import dev.holdfast.BulkOperations;
import dev.holdfast.Enqueued;
import dev.holdfast.Explanation;
import dev.holdfast.Failures;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobUpdate;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.Maintenance;
import dev.holdfast.Metrics;
import dev.holdfast.MonitorConfig;
import dev.holdfast.NewJob;
import dev.holdfast.Nodes;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.Page;
import dev.holdfast.PageCursor;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.QueueStatus;
import dev.holdfast.Queues;
import dev.holdfast.Schedules;
import dev.holdfast.SignalWait;
import dev.holdfast.TraceContext;
import dev.holdfast.Transaction;
import dev.holdfast.check.Limits;
import dev.holdfast.engine.Handlers;
import dev.holdfast.engine.StoreMaintenance;
import dev.holdfast.engine.schedule.StoredSchedules;
import dev.holdfast.error.ConflictException;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.EngineListener.Operation;
import dev.holdfast.spi.EngineRuntime;
import dev.holdfast.spi.JobIds;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.Situation;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.record.EncodedUpdate;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.step.Step;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The queue over a store: what callers ask for is resolved, checked, encoded and handed on. */
public final class StoreQueue implements JobQueue {
  private static final Logger log = LoggerFactory.getLogger(StoreQueue.class);

  private volatile Duration stuckAfter = MonitorConfig.defaults().jobTimeout();
  private final JobStore store;
  private final JobDrafts drafting;
  private final JobIds ids;
  private final Awaits awaits;
  private final Function<List<JobDraft>, List<Enqueued>> enqueue;
  private final Handlers handlers;
  private final Schedules schedules;

  /**
   * A queue over {@code store}.
   *
   * @param handlers the types that this process knows
   * @param random makes ids; safe from any thread
   * @param duties gives what watches jobs for those who wait; asked at the first wait
   * @param completer runs what callers hang on their futures
   */
  public StoreQueue(
      JobStore store,
      Handlers handlers,
      TimeSource time,
      RandomGenerator random,
      Supplier<Scheduler> duties,
      Executor completer) {
    this(
        store,
        handlers,
        new JobIds(time, random),
        new Awaits(store, time, duties, completer, CompletableFuture::new),
        drafts -> writeTimed(store, handlers, time, drafts));
  }

  /** Creates a queue over {@code store}, with the clocks and callbacks of {@code runtime}. */
  public StoreQueue(
      JobStore store, Handlers handlers, EngineRuntime runtime, Supplier<Scheduler> duties) {
    this(
        store,
        handlers,
        new JobIds(runtime.time(), runtime.random()),
        new Awaits(store, runtime.time(), duties, runtime.callbacks(), runtime::newFuture),
        drafts -> writeTimed(store, handlers, runtime.time(), drafts));
  }

  private static List<Enqueued> writeTimed(
      JobStore store, Handlers handlers, TimeSource time, List<JobDraft> drafts) {
    long began = time.ticks();
    try {
      return store.enqueue(drafts);
    } finally {
      Duration took = Duration.ofNanos(time.ticks() - began);
      handlers.listener().transaction(Operation.ENQUEUE, took);
    }
  }

  private StoreQueue(
      JobStore store,
      Handlers handlers,
      JobIds ids,
      Awaits awaits,
      Function<List<JobDraft>, List<Enqueued>> enqueue) {
    this.store = store;
    this.drafting = new JobDrafts(handlers, ids);
    this.handlers = handlers;
    this.ids = ids;
    this.awaits = awaits;
    this.enqueue = enqueue;
    this.schedules = new StoredSchedules(store.schedules(), drafting::of, ids::next);
  }

  /** Wakes callers that wait for jobs, as some finished in this process. */
  public void jobsFinished() {
    awaits.finished();
  }

  @Override
  public List<Enqueued> enqueue(List<NewJob> jobs) {
    if (jobs.isEmpty()) {
      return List.of();
    }
    if (jobs.size() > Limits.ENQUEUE_BATCH_MAX) {
      throw new InvalidRequestException(
          "one call enqueues at most %,d jobs, got %,d: split them"
              .formatted(Limits.ENQUEUE_BATCH_MAX, jobs.size()));
    }
    Optional<TraceContext> trace = currentTrace();
    return enqueueInOrder(jobs.stream().map(job -> drafting.of(job, trace)).toList());
  }

  private Optional<TraceContext> currentTrace() {
    try {
      return handlers.tracing().current();
    } catch (RuntimeException | Error faulty) {
      log.warn("The tracing at an enqueue failed; its jobs are not traced.", faulty);
      return Optional.empty();
    }
  }

  /**
   * The store gets predecessors before those that wait for them; callers may order as they like.
   */
  private List<Enqueued> enqueueInOrder(List<JobDraft> drafts) {
    if (drafts.stream().allMatch(draft -> draft.waits().isNone())) {
      return write(drafts);
    }
    List<Integer> order = Precedence.of(drafts);
    List<Enqueued> answers = write(order.stream().map(drafts::get).toList());
    Enqueued[] asGiven = new Enqueued[drafts.size()];
    for (int i = 0; i < asGiven.length; i++) {
      asGiven[order.get(i)] = answers.get(i);
    }
    return List.of(asGiven);
  }

  private List<Enqueued> write(List<JobDraft> drafts) {
    List<Enqueued> answers = enqueue.apply(drafts);
    for (int i = 0; i < answers.size(); i++) {
      if (!answers.get(i).duplicate()) {
        handlers.listener().enqueued(drafts.get(i).queue(), drafts.get(i).type());
      }
    }
    return answers;
  }

  @Override
  public JobId newId() {
    return ids.next();
  }

  @Override
  public JobQueue in(Transaction transaction) {
    return new StoreQueue(store, handlers, ids, awaits, made -> store.enqueue(transaction, made));
  }

  /** Returns the same queue, which enqueues within the caller's transaction if one is found. */
  public JobQueue joining(Supplier<Optional<Transaction>> current) {
    return new StoreQueue(
        store,
        handlers,
        ids,
        awaits,
        made ->
            current
                .get()
                .map(transaction -> store.enqueue(transaction, made))
                .orElseGet(() -> enqueue.apply(made)));
  }

  @Override
  public Optional<Job> find(JobId id) {
    return store.find(id);
  }

  @Override
  public Page<Job> list(JobFilter filter, PageRequest page) {
    return store.search(filter, page);
  }

  private static Page<Job> page(List<Job> jobs, PageRequest page) {
    boolean full = jobs.size() == page.limit();
    return new Page<>(
        jobs, full ? Optional.of(PageCursor.of(jobs.get(jobs.size() - 1).id())) : Optional.empty());
  }

  @Override
  public List<JobEvent> events(JobId id) {
    return store.events(id);
  }

  @Override
  public List<LogLine> logs(LogFilter filter) {
    return store.logs(filter);
  }

  /** Sets how long a job may run until it counts as stuck. */
  public void stuckAfter(Duration limit) {
    stuckAfter = limit;
  }

  @Override
  public QueueStatus status() {
    return NodeTruth.of(store).in(store.insights().status(stuckAfter));
  }

  @Override
  public Optional<String> lastGroup(String prefix) {
    return store.lookup().lastGroup(prefix);
  }

  @Override
  public CompletableFuture<List<Job>> await(Collection<JobId> jobs, Duration timeout) {
    return awaits.await(List.copyOf(jobs), timeout);
  }

  @Override
  public List<Changed> cancel(List<JobId> jobs, String by) {
    return store.cancel(jobs, by);
  }

  /** Cancels jobs for a client that may see only the jobs in this scope. */
  public List<Changed> cancel(List<JobId> jobs, String by, Scope scope) {
    return store.cancel(jobs, by, scope);
  }

  @Override
  public List<Changed> retry(List<JobId> jobs, String by) {
    return store.retry(jobs, by);
  }

  @Override
  public List<Changed> resume(List<JobId> jobs, String by) {
    return store.resume(jobs, by);
  }

  @Override
  public Explanation explain(JobId id) {
    return store
        .insights()
        .situation(id)
        .map(NodeTruth.of(store)::in)
        .map(seen -> Explainer.explain(seen, store.events(id), stuckAfter))
        .orElseThrow(() -> new NotFoundException("there is no job %s".formatted(id)));
  }

  /** Explains a job to a client that may see only the jobs in this scope. */
  public Explanation explain(JobId id, Scope scope) {
    Situation situation =
        store
            .insights()
            .situation(id)
            .map(NodeTruth.of(store)::in)
            .orElseThrow(() -> new NotFoundException("there is no job %s".formatted(id)));
    if (scope.isAll()) {
      return Explainer.explain(situation, store.events(id), stuckAfter);
    }
    Situation visible = situation.naming(visible(situation.named(), scope));
    return Explainer.explainToStranger(visible, stuckAfter);
  }

  private Set<JobId> visible(Set<JobId> ids, Scope scope) {
    return ids.isEmpty()
        ? Set.of()
        : store
            .list(JobFilter.ids(List.copyOf(ids)).within(scope), PageRequest.first(ids.size()))
            .stream()
            .map(Job::id)
            .collect(Collectors.toSet());
  }

  @Override
  public Map<String, String> checkpoints(JobId id) {
    return store.checkpoints(id);
  }

  @Override
  public List<Step> steps(JobId id) {
    return store.steps().of(id).steps();
  }

  @Override
  public Changed retryFrom(JobId id, String step, String by) {
    return store.steps().retryFrom(id, step, by);
  }

  @Override
  public List<Predecessor> predecessors(JobId id, int from, int limit) {
    return store.lookup().predecessors(id, from, PageRequest.first(limit).limit());
  }

  @Override
  public Page<Job> dependents(JobId id, PageRequest page) {
    return page(store.lookup().dependents(id, page), page);
  }

  @Override
  public List<Changed> move(List<JobId> jobs, String queue) {
    return store.move(jobs, queue);
  }

  @Override
  public boolean signal(JobId id, String name, @Nullable Object payload, String by) {
    SignalWait named = new SignalWait(name, Duration.ofMillis(1), OnSignalTimeout.FAIL);
    return switch (store.signal(
        id, named.name(), drafting.payload("signal " + name, payload), by)) {
      case TAKEN -> true;
      case KNOWN -> false;
      case TOO_LATE ->
          throw new ConflictException("job %s has ended: it takes no signal".formatted(id));
      case NO_JOB -> throw new NotFoundException("there is no job %s".formatted(id));
    };
  }

  @Override
  public void replace(JobId id, JobUpdate replacement, String by) {
    if (replacement.isEmpty()) {
      throw new InvalidRequestException(
          "nothing is to be different about job %s: give a payload, a priority or a time"
              .formatted(id));
    }
    Job before =
        store.find(id).orElseThrow(() -> new NotFoundException("there is no job %s".formatted(id)));
    Optional<String> payload =
        replacement.hasPayload()
            ? Optional.of(drafting.payload(before.type(), replacement.payload()))
            : Optional.empty();
    Changed changed =
        store.amend(
            id,
            new EncodedUpdate(
                payload,
                handlers.version(before.type()),
                replacement.priority(),
                replacement.runAt(),
                replacement.delay()),
            by);
    if (!changed.done()) {
      throw changed
          .before()
          .<HoldfastException>map(
              state ->
                  new ConflictException(
                      "job %s is %s: only a job that has not started can be replaced"
                          .formatted(id, state)))
          .orElseGet(() -> new NotFoundException("there is no job %s".formatted(id)));
    }
  }

  @Override
  public Optional<JobId> findByKey(String type, String key, @Nullable String group) {
    return store.lookup().keyOwner(Optional.ofNullable(group), type, key);
  }

  @Override
  public List<Changed> delete(List<JobId> jobs) {
    return store.delete(jobs);
  }

  /** Deletes jobs for a client that may see only the jobs in this scope. */
  public List<Changed> delete(List<JobId> jobs, String by, Scope scope) {
    return store.delete(jobs, by, scope);
  }

  @Override
  public Queues queues() {
    return new StoreQueues(
        store.queues(),
        name -> !store.list(JobFilter.all().queue(name), PageRequest.first(1)).isEmpty());
  }

  @Override
  public Nodes nodes() {
    return new StoreNodes(store);
  }

  @Override
  public Schedules schedules() {
    return schedules;
  }

  @Override
  public Failures failures() {
    return new StoreFailures(store);
  }

  @Override
  public Metrics metrics() {
    return new StoreMetrics(store);
  }

  @Override
  public BulkOperations bulkOperations() {
    return new StoreBulkOperations(store.bulkOperations(), () -> ids.next().value());
  }

  @Override
  public Maintenance maintenance() {
    return new StoreMaintenance(store, handlers);
  }
}
