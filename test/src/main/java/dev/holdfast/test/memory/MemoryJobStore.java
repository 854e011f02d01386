package dev.holdfast.test.memory;

import dev.holdfast.Enqueued;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.NodeId;
import dev.holdfast.Page;
import dev.holdfast.PageRequest;
import dev.holdfast.Transaction;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.search.Scope;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.AttemptEnd;
import dev.holdfast.spi.BulkStore;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.JobLookup;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.MaintenanceStore;
import dev.holdfast.spi.NodeStore;
import dev.holdfast.spi.Promotion;
import dev.holdfast.spi.QueueStore;
import dev.holdfast.spi.RecoveryStore;
import dev.holdfast.spi.ScheduleStore;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.StepStore;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.record.EncodedUpdate;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.server.ServerStores;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, for tests: it keeps all of the contract but the durability. It stamps all rows
 * with the wall clock of its time source. One lock serves all handles on the same data, each of
 * which stands for a process.
 */
public final class MemoryJobStore implements JobStore {
  private static final Set<JobState> CANCELLABLE =
      EnumSet.of(
          JobState.SCHEDULED,
          JobState.BLOCKED,
          JobState.PENDING,
          JobState.RUNNING,
          JobState.INTERRUPTED);
  private static final Set<JobState> RETRYABLE =
      EnumSet.of(JobState.FAILED, JobState.CANCELLED, JobState.INTERRUPTED);
  private static final Set<JobState> MOVABLE =
      EnumSet.of(JobState.PENDING, JobState.SCHEDULED, JobState.BLOCKED);
  private static final Set<JobState> DELETABLE = EnumSet.complementOf(EnumSet.of(JobState.RUNNING));

  private final MemoryTables tables;
  private final TimeSource time;
  private final List<Consumer<Signal>> ownListeners = new ArrayList<>(); // guarded by tables.lock

  /** An empty store. */
  public MemoryJobStore(TimeSource time) {
    this(new MemoryTables(), time);
  }

  private MemoryJobStore(MemoryTables tables, TimeSource time) {
    this.tables = tables;
    this.time = time;
  }

  /** Another handle on the same data, such as a second process would have. */
  public MemoryJobStore openAgain() {
    return new MemoryJobStore(tables, time);
  }

  /** The process of {@code node} dies now: {@link RecoveryStore#deaths} will prove it. */
  public void kill(NodeId node) {
    locked(
        (now, signals) -> {
          Optional.ofNullable(tables.nodes.get(node)).ifPresent(MemoryNode::die);
          return true;
        });
  }

  /** The processes of all nodes die now. */
  public void killAll() {
    locked(
        (now, signals) -> {
          tables.nodes.values().forEach(MemoryNode::die);
          return true;
        });
  }

  /**
   * Returns how long no job will be due and no schedule will fire; zero while jobs run, or wait
   * that a node could run.
   */
  public Duration idleFor() {
    return locked(
        (now, signals) ->
            tables.isBusy()
                ? Duration.ZERO
                : Stream.concat(
                        untilNextDue(now).stream(),
                        new MemorySchedules(this, tables).untilNextFire(now).stream())
                    .min(Comparator.naturalOrder())
                    .orElse(Duty.WHEN_WOKEN));
  }

  /** Returns whether a job runs. */
  public boolean isRunning() {
    return locked((now, signals) -> !tables.holders().isEmpty());
  }

  /** Returns the number of visible nodes and open listeners: 0 when all was closed. */
  public int openThings() {
    return locked(
        (now, signals) ->
            tables.listeners.size()
                + (int) tables.nodes.values().stream().filter(MemoryNode::isPresent).count());
  }

  @Override
  public List<Enqueued> enqueue(List<JobDraft> jobs) {
    List<List<String>> tags = jobs.stream().map(MemoryJobStore::tags).toList();
    return changing(
        (now, signals) -> {
          Map<JobId, JobId> standIns = new HashMap<>();
          jobs.forEach(
              draft -> keyOwner(draft, now).ifPresent(first -> standIns.put(draft.id(), first)));
          tables.waits.check(jobs, standIns);
          List<Enqueued> answers = new ArrayList<>();
          for (int i = 0; i < jobs.size(); i++) {
            answers.add(enqueue(jobs.get(i), tags.get(i), standIns, now, signals));
          }
          return answers;
        });
  }

  private Optional<JobId> keyOwner(JobDraft draft, Instant now) {
    return draft
        .key()
        .map(key -> tables.keys.get(new MemoryTables.Key(draft.group(), draft.type(), key)))
        .filter(owner -> now.isBefore(owner.until()))
        .map(MemoryTables.KeyOwner::job);
  }

  Enqueued enqueue(
      JobDraft draft,
      List<String> tags,
      Map<JobId, JobId> standIns,
      Instant now,
      Set<Signal> signals) {
    if (tables.rows.containsKey(draft.id())) {
      return new Enqueued(draft.id(), false);
    }
    if (draft.key().isPresent()) {
      MemoryTables.Key key = new MemoryTables.Key(draft.group(), draft.type(), draft.key().get());
      MemoryTables.@Nullable KeyOwner owner = tables.keys.get(key);
      if (owner != null && now.isBefore(owner.until())) {
        standIns.put(draft.id(), owner.job());
        return new Enqueued(owner.job(), !owner.job().equals(draft.id()));
      }
      tables.keys.put(key, new MemoryTables.KeyOwner(draft.id(), now.plus(draft.keyKept())));
    }
    signalArrival(tables.waits.add(draft, tags, standIns, now), signals);
    return new Enqueued(draft.id(), false);
  }

  static List<String> tags(JobDraft draft) {
    return draft
        .tags()
        .map(json -> List.of(new JacksonCodec().decode(json, String[].class)))
        .orElse(List.of());
  }

  @Override
  public List<Enqueued> enqueue(Transaction transaction, List<JobDraft> jobs) {
    throw new InvalidRequestException(
        "the memory store cannot join a transaction, got a " + transaction.getClass().getName());
  }

  @Override
  public Exchange exchange(List<Acknowledgement> acknowledgements, Claim claim) {
    return changing(
        (now, signals) -> {
          List<Lease> stale = new ArrayList<>();
          for (Acknowledgement acknowledgement : acknowledgements) {
            if (!acknowledge(acknowledgement, now, signals)) {
              stale.add(acknowledgement.lease());
            }
          }
          return new Exchange(claim(claim, now), stale);
        });
  }

  static Optional<AttemptEnd> endOf(@Nullable MemoryRow row, Lease lease) {
    return row == null ? Optional.empty() : row.endOf(lease);
  }

  private boolean acknowledge(Acknowledgement end, Instant now, Set<Signal> signals) {
    @Nullable MemoryRow row = tables.rows.get(end.lease().job());
    Optional<AttemptEnd> before = endOf(row, end.lease());
    if (before.isPresent()) {
      return before.get().isRepeatedBy(end);
    }
    note(end.notes());
    if (row == null || !row.isHeldUnder(end.lease())) {
      return false;
    }
    String by = tables.nameOf(end.lease().node());
    tables.change(row, () -> row.acknowledge(end.transition(), end.ran(), by, now));
    tables.waits.ask(row, end.transition(), now, signals);
    tables.waits.follow(row, now, signals);
    signalArrival(row, signals);
    return true;
  }

  static void signalArrival(MemoryRow row, Set<Signal> signals) {
    if (row.state() == JobState.PENDING) {
      signals.add(Signal.WORK);
    }
    if (row.state() == JobState.SCHEDULED) {
      signals.add(Signal.SCHEDULED);
    }
  }

  private List<Claimed> claim(Claim claim, Instant now) {
    MemoryClaim taken = new MemoryClaim(tables, claim, now);
    for (String queue : tables.queuesInTurn(claim.queues())) {
      boolean isFirst = taken.jobs().isEmpty();
      taken.from(queue);
      if (isFirst && !taken.jobs().isEmpty()) {
        tables.served(queue);
      }
    }
    return taken.jobs();
  }

  @Override
  public void note(List<HandlerOutput> notes) {
    changing(
        (now, signals) -> {
          notes.forEach(this::note);
          return true;
        });
  }

  private void note(HandlerOutput notes) {
    @Nullable MemoryRow row = tables.rows.get(notes.lease().job());
    if (row == null) {
      return;
    }
    long kept =
        tables.logs.stream()
            .filter(line -> line.job().equals(notes.lease().job()))
            .filter(line -> line.attempt() == notes.lease().attempt())
            .count();
    tables.logs.addAll(notes.within((int) kept).lines());
    if (row.isHeldUnder(notes.lease())) {
      notes.progress().ifPresent(row::report);
    }
  }

  @Override
  public Promotion promote(int limit) {
    return changing(
        (now, signals) -> {
          tables.scheduled.stream()
              .filter(row -> row.isDelayedFromTheFuture(now))
              .toList()
              .forEach(
                  row -> {
                    tables.steps.countAgain(row, now);
                    tables.change(row, () -> row.countAgain(now));
                  });
          tables.waits.countAgain(now);
          int promoted = 0;
          while (promoted < limit
              && !tables.scheduled.isEmpty()
              && !tables.scheduled.first().runAt().isAfter(now)) {
            MemoryRow row = tables.scheduled.first();
            tables.change(row, () -> row.promote(now));
            signals.add(Signal.WORK);
            promoted++;
          }
          int late = tables.waits.endLate(limit, now, signals);
          return new Promotion(Math.max(promoted, late), untilNextDue(now));
        });
  }

  private Optional<Duration> untilNextDue(Instant now) {
    Stream<Instant> due =
        tables.scheduled.isEmpty() ? Stream.of() : Stream.of(tables.scheduled.first().runAt());
    return Stream.concat(due, tables.waits.nextLate().stream())
        .min(Comparator.naturalOrder())
        .map(next -> Duration.between(now, next))
        .map(until -> until.isNegative() ? Duration.ZERO : until);
  }

  @Override
  public void complete(
      Transaction transaction, Lease lease, Optional<String> result, Duration ran) {
    throw new InvalidRequestException(
        "the memory store cannot join a transaction, got a " + transaction.getClass().getName());
  }

  @Override
  public void checkpoint(Lease lease, String name, Optional<String> state) {
    changing(
        (now, signals) -> {
          @Nullable MemoryRow row = tables.rows.get(lease.job());
          if (row == null || !row.isHeldUnder(lease)) {
            throw lease.stale();
          }
          row.checkpoint(name, state);
          return true;
        });
  }

  @Override
  public Map<String, String> checkpoints(JobId id) {
    return locked(
        (now, signals) ->
            Optional.ofNullable(tables.rows.get(id)).map(MemoryRow::checkpoints).orElse(Map.of()));
  }

  @Override
  public List<Changed> cancel(List<JobId> ids, String by, Scope counted) {
    return changeAll(
        ids,
        counted,
        CANCELLABLE,
        (now, signals) ->
            row -> {
              if (row.state() == JobState.RUNNING) {
                signals.add(Signal.REVOKED);
              }
              tables.change(row, () -> row.cancel(by, "", now));
              tables.waits.follow(row.id(), JobState.CANCELLED, by, now, signals);
            });
  }

  @Override
  public List<Changed> retry(List<JobId> ids, String by) {
    return retry(ids, by, "");
  }

  Changed retryFrom(JobId job, String step, String by) {
    return retry(List.of(job), by, "put back to step '%s'".formatted(step)).get(0);
  }

  private List<Changed> retry(List<JobId> ids, String by, String why) {
    return changeAll(
        ids,
        RETRYABLE,
        (now, signals) ->
            row -> {
              tables.change(row, () -> row.retry(by, why, now));
              tables.lapses.forget(row.id());
              tables.waits.waitForNobody(row.id(), now);
              signals.add(Signal.WORK);
            });
  }

  @Override
  public List<Changed> resume(List<JobId> ids, String by) {
    return changeAll(
        ids,
        EnumSet.of(JobState.INTERRUPTED),
        (now, signals) ->
            row -> {
              tables.change(row, () -> row.resume(by, now));
              signals.add(Signal.WORK);
            });
  }

  @Override
  public List<Changed> move(List<JobId> ids, String queue) {
    return changeAll(
        ids,
        MOVABLE,
        (now, signals) ->
            row -> {
              tables.change(row, () -> row.move(queue, now));
              signalArrival(row, signals);
            });
  }

  @Override
  public Signalled signal(JobId id, String name, String payload, String by) {
    return changing((now, signals) -> tables.waits.send(id, name, payload, by, now, signals));
  }

  @Override
  public Optional<String> signal(JobId id, String name) {
    return locked((now, signals) -> tables.waits.sent(id, name));
  }

  @Override
  public Changed amend(JobId id, EncodedUpdate amendment, String by) {
    return changeAll(
            List.of(id),
            MOVABLE,
            (now, signals) ->
                row -> {
                  tables.change(row, () -> row.amend(amendment, by, now));
                  signalArrival(row, signals);
                })
        .get(0);
  }

  @Override
  public List<Changed> delete(List<JobId> ids, String by, Scope counted) {
    return changeAll(
        ids,
        counted,
        DELETABLE,
        (now, signals) ->
            row -> {
              tables.remove(row);
              tables.keys.values().removeIf(owner -> owner.job().equals(row.id()));
              tables.waits.follow(row.id(), JobState.CANCELLED, by, now, signals);
            });
  }

  private List<Changed> changeAll(
      List<JobId> ids, Set<JobState> allowed, Work<Consumer<MemoryRow>> change) {
    return changeAll(ids, Scope.all(), allowed, change);
  }

  private List<Changed> changeAll(
      List<JobId> ids, Scope counted, Set<JobState> allowed, Work<Consumer<MemoryRow>> change) {
    return changing(
        (now, signals) -> {
          List<Changed> answers = new ArrayList<>();
          for (JobId id : ids) {
            @Nullable MemoryRow row = tables.rows.get(id);
            Optional<JobState> before = Optional.ofNullable(row).map(MemoryRow::state);
            boolean done = row != null && allowed.contains(row.state());
            int cancelled = tables.waits.cancelled(counted);
            if (row != null && done) {
              change.in(now, signals).accept(row);
            }
            answers.add(
                new Changed(
                    id,
                    before,
                    done,
                    Optional.empty(),
                    tables.waits.cancelled(counted) - cancelled));
          }
          return answers;
        });
  }

  @Override
  public Optional<Job> find(JobId id) {
    return locked((now, signals) -> Optional.ofNullable(tables.rows.get(id)).map(tables::job));
  }

  @Override
  public Page<Job> search(JobFilter filter, PageRequest page) {
    filter.checkOrder();
    return locked((now, signals) -> new MemorySearch(filter.at(now)).page(tables, page));
  }

  @Override
  public List<JobEvent> events(JobId id) {
    return locked(
        (now, signals) ->
            Optional.ofNullable(tables.rows.get(id)).map(MemoryRow::history).orElse(List.of()));
  }

  @Override
  public List<LogLine> logs(LogFilter filter) {
    return locked(
        (now, signals) -> {
          List<LogLine> matching =
              tables.logs.stream()
                  .filter(line -> filter.job().map(line.job()::equals).orElse(true))
                  .filter(line -> line.level().toInt() >= filter.least().toInt())
                  .toList();
          return matching.subList(Math.max(0, matching.size() - filter.limit()), matching.size());
        });
  }

  @Override
  public JobLookup lookup() {
    return new MemoryLookup(this, tables);
  }

  @Override
  public StepStore steps() {
    return new MemoryStepStore(this, tables);
  }

  @Override
  public Insights insights() {
    return new MemoryInsights(this, tables);
  }

  @Override
  public ScheduleStore schedules() {
    return new MemorySchedules(this, tables);
  }

  @Override
  public QueueStore queues() {
    return new MemoryQueueStore(this, tables);
  }

  @Override
  public NodeStore nodes() {
    return new MemoryNodeStore(this, tables);
  }

  @Override
  public RecoveryStore recovery() {
    return new MemoryRecovery(this, tables);
  }

  @Override
  public BulkStore bulkOperations() {
    return new MemoryBulk(this, tables);
  }

  @Override
  public MaintenanceStore maintenance() {
    return new MemoryMaintenance(this, tables);
  }

  @Override
  public ServerStores server() {
    return new MemoryServerStores(this, tables);
  }

  TimeSource time() {
    return time;
  }

  @Override
  public Subscription listen(Consumer<Signal> listener) {
    return locked(
        (now, signals) -> {
          tables.listeners.add(listener);
          ownListeners.add(listener);
          return () -> tables.listeners.remove(listener);
        });
  }

  @Override
  public void close() {
    locked((now, signals) -> tables.listeners.removeAll(ownListeners));
  }

  /** One transaction: it reads the clock once, and its signals are sent after its end. */
  @FunctionalInterface
  interface Work<T> {
    T in(Instant now, Set<Signal> signals);
  }

  /** A transaction that writes to the queue. */
  <T> T changing(Work<T> work) {
    return locked(
        (now, signals) -> {
          tables.refuseIfFenced();
          return work.in(now, signals);
        });
  }

  <T> T locked(Work<T> work) {
    Set<Signal> signals = EnumSet.noneOf(Signal.class);
    T answer;
    tables.lock.lock();
    try {
      answer = work.in(time.now(), signals);
    } finally {
      tables.lock.unlock();
    }
    for (Signal signal : signals) {
      tables.listeners.forEach(listener -> listener.accept(signal));
    }
    return answer;
  }
}
