package dev.holdfast.engine;

import dev.holdfast.ConflictException;
import dev.holdfast.Enqueued;
import dev.holdfast.Explanation;
import dev.holdfast.Finding;
import dev.holdfast.HoldfastException;
import dev.holdfast.IfLate;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.Limits;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.MonitorConfig;
import dev.holdfast.NewJob;
import dev.holdfast.NodeId;
import dev.holdfast.NodeOrder;
import dev.holdfast.NotFoundException;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueSummary;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Replacement;
import dev.holdfast.Requirements;
import dev.holdfast.Retention;
import dev.holdfast.RunNext;
import dev.holdfast.Schedules;
import dev.holdfast.SignalWait;
import dev.holdfast.TraceContext;
import dev.holdfast.Transaction;
import dev.holdfast.spi.Amendment;
import dev.holdfast.spi.JobDraft;
import dev.holdfast.spi.JobIds;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.PayloadCodec;
import dev.holdfast.spi.Scheduler;
import dev.holdfast.spi.Sweep;
import dev.holdfast.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The queue over a store: what callers ask for is resolved, checked, encoded and handed on. */
public final class StoreQueue implements JobQueue {
  private static final Logger log = LoggerFactory.getLogger(StoreQueue.class);

  private final JobStore store;
  private final PayloadCodec codec;
  private final JobIds ids;
  private final Awaits awaits;
  private final Function<List<JobDraft>, List<Enqueued>> enqueue;
  private final Handlers handlers;
  private final OperatorRecovery recovery;
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
      PayloadCodec codec,
      Handlers handlers,
      TimeSource time,
      RandomGenerator random,
      Supplier<Scheduler> duties,
      Executor completer) {
    this(
        store,
        codec,
        handlers,
        new JobIds(time, random),
        new Awaits(store, time, duties, completer),
        store::enqueue);
  }

  private StoreQueue(
      JobStore store,
      PayloadCodec codec,
      Handlers handlers,
      JobIds ids,
      Awaits awaits,
      Function<List<JobDraft>, List<Enqueued>> enqueue) {
    this.store = store;
    this.codec = codec;
    this.handlers = handlers;
    this.recovery = new OperatorRecovery(store, handlers);
    this.ids = ids;
    this.awaits = awaits;
    this.enqueue = enqueue;
    this.schedules =
        new StoredSchedules(store.schedules(), this::draft, new JobTemplates(ids::next));
  }

  /** Jobs finished in this process: whoever waits for them need not wait for the next look. */
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
    return enqueueInOrder(jobs.stream().map(job -> draft(job, trace)).toList());
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
      return enqueue.apply(drafts);
    }
    List<Integer> order = Precedence.of(drafts);
    List<Enqueued> answers = enqueue.apply(order.stream().map(drafts::get).toList());
    Enqueued[] asGiven = new Enqueued[drafts.size()];
    for (int i = 0; i < asGiven.length; i++) {
      asGiven[order.get(i)] = answers.get(i);
    }
    return List.of(asGiven);
  }

  @Override
  public JobId newId() {
    return ids.next();
  }

  @Override
  public JobQueue in(Transaction transaction) {
    return new StoreQueue(
        store, codec, handlers, ids, awaits, drafts -> store.enqueue(transaction, drafts));
  }

  private JobDraft draft(NewJob job) {
    return draft(job, Optional.empty());
  }

  private JobDraft draft(NewJob job, Optional<TraceContext> trace) {
    String payload = payload(job.type(), job.payload());
    return new JobDraft(
        job.id().orElseGet(ids::next),
        job.queue(),
        job.type(),
        payload,
        job.payloadVersion().orElseGet(() -> handlers.version(job.type())),
        job.priority(),
        job.runAt(),
        job.delay(),
        job.maxAttempts(),
        job.timeout(),
        job.key(),
        job.keyKept(),
        job.group(),
        job.tags().isEmpty() ? Optional.empty() : Optional.of(encodeSmall("tags", job.tags())),
        metadata(job, trace),
        encodeMap("required capabilities", job.requires()).map(Requirements::canonical),
        job.createdBy(),
        job.waits());
  }

  private String payload(String type, @Nullable Object payload) {
    String json = payload == null ? "null" : codec.encode(payload);
    checkSize("payload of a job of type '" + type + "'", json, Limits.PAYLOAD_BYTES_MAX);
    return json;
  }

  /** The limit is for what the caller says; a trace is never a reason to refuse a job. */
  private Optional<String> metadata(NewJob job, Optional<TraceContext> trace) {
    Optional<String> own = encodeMap("metadata", job.metadata());
    return trace.map(place -> codec.encode(job.trace(place).metadata())).or(() -> own);
  }

  private Optional<String> encodeMap(String what, Map<String, Object> facts) {
    return facts.isEmpty() ? Optional.empty() : Optional.of(encodeSmall(what, facts));
  }

  private String encodeSmall(String what, Object value) {
    String json = codec.encode(value);
    checkSize(what, json, Limits.METADATA_BYTES_MAX);
    return json;
  }

  private static void checkSize(String what, String json, int max) {
    boolean surelyFits = json.length() <= max / 3; // a char takes at most three bytes
    int bytes = surelyFits ? 0 : json.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > max) {
      throw new InvalidRequestException(
          "the %s has %,d bytes of JSON, at most %,d are allowed: store it elsewhere and enqueue where"
              .formatted(what, bytes, max));
    }
  }

  @Override
  public Optional<Job> find(JobId id) {
    return store.find(id);
  }

  @Override
  public Page<Job> list(JobFilter filter, PageRequest page) {
    return page(store.list(filter, page), page);
  }

  private static Page<Job> page(List<Job> jobs, PageRequest page) {
    boolean full = jobs.size() == page.limit();
    return new Page<>(jobs, full ? Optional.of(jobs.get(jobs.size() - 1).id()) : Optional.empty());
  }

  @Override
  public List<JobEvent> events(JobId id) {
    return store.events(id);
  }

  @Override
  public List<LogLine> logs(LogFilter filter) {
    return store.logs(filter);
  }

  @Override
  public QueueStatus status() {
    return store.status();
  }

  @Override
  public Optional<String> lastGroup(String prefix) {
    return store.lastGroup(prefix);
  }

  @Override
  public CompletableFuture<List<Job>> await(Collection<JobId> jobs, Duration timeout) {
    return awaits.await(List.copyOf(jobs), timeout);
  }

  @Override
  public List<Changed> cancel(List<JobId> jobs, String by) {
    return store.cancel(jobs, by);
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
  public List<JobId> recoverStuck(
      Duration longerThan, JobFilter filter, MonitorConfig.Action action, int limit, String by) {
    return recovery.stuck(longerThan, filter, action, limit, by);
  }

  @Override
  public List<JobId> recoverDead(Optional<RecoveryPolicy> policy, String by) {
    return recovery.dead(policy, by);
  }

  @Override
  public List<JobId> removeOld(Retention retention) {
    List<JobId> removed = new ArrayList<>();
    Optional<JobId> next = Optional.empty();
    do {
      Sweep step = store.sweep(retention, next, Sweeper.STEP);
      removed.addAll(step.removed());
      next = step.next();
    } while (next.isPresent());
    return removed;
  }

  @Override
  public List<NodeId> order(NodeOrder order, List<NodeId> nodes) {
    return store.order(order, nodes);
  }

  @Override
  public Explanation explain(JobId id) {
    return store
        .situation(id)
        .map(Explainer::explain)
        .orElseThrow(() -> new NotFoundException("there is no job %s".formatted(id)));
  }

  @Override
  public Map<String, String> checkpoints(JobId id) {
    return store.checkpoints(id);
  }

  @Override
  public List<Predecessor> predecessors(JobId id, int from, int limit) {
    return store.predecessors(id, from, PageRequest.first(limit).limit());
  }

  @Override
  public Page<Job> dependents(JobId id, PageRequest page) {
    return page(store.dependents(id, page), page);
  }

  @Override
  public List<Finding> examine() {
    return store.examine();
  }

  @Override
  public QueueSettings settings(String name) {
    return store.settings(queueNamed(name));
  }

  @Override
  public QueueSettings configure(String name, UnaryOperator<QueueSettings> change) {
    return store.configure(queueNamed(name), change);
  }

  @Override
  public boolean pauseQueue(String name, String by) {
    return store.pauseQueue(queueNamed(name), by);
  }

  @Override
  public boolean resumeQueue(String name) {
    return store.resumeQueue(queueNamed(name));
  }

  /** A queue that no job can be in is a mistake. */
  private static String queueNamed(String name) {
    return NewJob.of("any", null).on(name).queue();
  }

  @Override
  public void limitType(String type, Optional<Integer> concurrency) {
    QueueSettings checked = QueueSettings.defaults().concurrency(concurrency);
    store.limitType(NewJob.of(type, null).type(), checked.concurrency());
  }

  @Override
  public RunNext runNext(String name, String by) {
    return store.runNext(queueNamed(name), by);
  }

  @Override
  public Map<String, Integer> typeLimits() {
    return store.typeLimits();
  }

  @Override
  public List<QueueSummary> queues() {
    return store.queues();
  }

  @Override
  public List<Changed> move(List<JobId> jobs, String queue) {
    return store.move(jobs, queue);
  }

  @Override
  public boolean signal(JobId id, String name, @Nullable Object payload, String by) {
    SignalWait named = new SignalWait(name, Duration.ofMillis(1), IfLate.FAIL);
    return switch (store.signal(id, named.name(), payload("signal " + name, payload), by)) {
      case TAKEN -> true;
      case KNOWN -> false;
      case TOO_LATE ->
          throw new ConflictException("job %s has ended: it takes no signal".formatted(id));
      case NO_JOB -> throw new NotFoundException("there is no job %s".formatted(id));
    };
  }

  @Override
  public void replace(JobId id, Replacement replacement, String by) {
    if (replacement.isEmpty()) {
      throw new InvalidRequestException(
          "nothing is to be different about job %s: give a payload, a priority or a time"
              .formatted(id));
    }
    Job before =
        store.find(id).orElseThrow(() -> new NotFoundException("there is no job %s".formatted(id)));
    Optional<String> payload =
        replacement.hasPayload()
            ? Optional.of(payload(before.type(), replacement.payload()))
            : Optional.empty();
    Changed changed =
        store.amend(
            id,
            new Amendment(
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
  public Optional<JobId> findByKey(String type, String key, Optional<String> group) {
    return store.keyOwner(group, type, key);
  }

  @Override
  public List<Changed> delete(List<JobId> jobs) {
    return store.delete(jobs);
  }

  @Override
  public Schedules schedules() {
    return schedules;
  }
}
