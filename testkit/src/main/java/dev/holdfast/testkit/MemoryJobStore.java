package dev.holdfast.testkit;

import dev.holdfast.ConflictException;
import dev.holdfast.Enqueued;
import dev.holdfast.Finding;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.Lease;
import dev.holdfast.LogFilter;
import dev.holdfast.LogLine;
import dev.holdfast.NodeId;
import dev.holdfast.NodeOrder;
import dev.holdfast.NodePhase;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueSummary;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Retention;
import dev.holdfast.RunNext;
import dev.holdfast.StaleLeaseException;
import dev.holdfast.Transaction;
import dev.holdfast.Vitals;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.AlertStore;
import dev.holdfast.spi.Amendment;
import dev.holdfast.spi.Archive;
import dev.holdfast.spi.AuditLog;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.JobDraft;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Notes;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Promotion;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.RunningJob;
import dev.holdfast.spi.ScheduleStore;
import dev.holdfast.spi.Serves;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.Situation;
import dev.holdfast.spi.Sweep;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.TokenStore;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.WebhookStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store in memory, for tests: it keeps all of the contract but the durability. It stamps all rows
 * with the wall clock of its time source. One lock serves all handles on the same data, each of
 * which stands for a process.
 */
public final class MemoryJobStore implements JobStore {
  private static final Duration STUCK_AFTER = Duration.ofMinutes(30);
  private static final int ACTIVE_MAX = 20;
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

  /** The process of {@code node} dies now: {@link #deaths} will prove it. */
  public void kill(NodeId node) {
    locked(
        (now, signals) -> {
          Optional.ofNullable(tables.nodes.get(node)).ifPresent(MemoryNode::die);
          return true;
        });
  }

  /** How many nodes are visible and how many listeners listen: 0 when all was closed. */
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

  private boolean acknowledge(Acknowledgement end, Instant now, Set<Signal> signals) {
    @Nullable MemoryRow row = tables.rows.get(end.lease().job());
    if (row != null && row.wasEndedUnder(end.lease())) {
      return true;
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

  private static void signalArrival(MemoryRow row, Set<Signal> signals) {
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
  public void note(List<Notes> notes) {
    changing(
        (now, signals) -> {
          notes.forEach(this::note);
          return true;
        });
  }

  private void note(Notes notes) {
    @Nullable MemoryRow row = tables.rows.get(notes.lease().job());
    if (row == null) {
      return;
    }
    tables.logs.addAll(notes.lines());
    if (row.isHeldUnder(notes.lease())) {
      notes.progress().ifPresent(row::report);
    }
  }

  @Override
  public Promotion promote(int limit) {
    return changing(
        (now, signals) -> {
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
            throw new StaleLeaseException(lease);
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
  public Presence register(NodeInfo node, Serves serves, Duration lease) {
    return changing(
        (now, signals) -> {
          MemoryNode row = new MemoryNode(node, serves, lease, now);
          tables.nodes.put(node.id(), row);
          return row;
        });
  }

  @Override
  public void registerRemote(NodeInfo node, Serves serves, Duration lease) {
    changing(
        (now, signals) -> {
          tables.nodes.put(node.id(), MemoryNode.remote(node, serves, lease, now));
          return node;
        });
  }

  @Override
  public NodeOrder heartbeat(NodeId node, Duration lease, NodePhase phase, Vitals vitals) {
    return changing(
        (now, signals) -> {
          @Nullable MemoryNode row = tables.nodes.get(node);
          if (row == null) {
            throw new ConflictException("there is no node " + node);
          }
          return row.heartbeat(lease, phase, vitals, now);
        });
  }

  @Override
  public List<NodeId> order(NodeOrder order, List<NodeId> nodes) {
    return changing(
        (now, signals) -> {
          signals.add(Signal.ORDERED);
          List<MemoryNode> told =
              tables.nodes.values().stream()
                  .filter(node -> !node.hasEnded())
                  .filter(node -> nodes.isEmpty() || nodes.contains(node.info().id()))
                  .toList();
          told.forEach(node -> node.order(order));
          return told.stream().map(node -> node.info().id()).toList();
        });
  }

  @Override
  public void bury(NodeId node) {
    changing(
        (now, signals) -> {
          Optional.ofNullable(tables.nodes.get(node)).ifPresent(row -> row.bury(now));
          return true;
        });
  }

  @Override
  public void bury(Death death) {
    changing(
        (now, signals) -> {
          @Nullable MemoryNode node = tables.nodes.get(death.node());
          if (isStill(death) && node != null && !node.hasEnded()) {
            node.bury(now);
            tables.deliveries.tellOfLost(death, now);
          }
          return true;
        });
  }

  private boolean isStill(Death death) {
    @Nullable MemoryNode node = tables.nodes.get(death.node());
    long heartbeats = node == null || node.hasEnded() ? Death.NOT_LIVING : node.heartbeats();
    return death.heartbeats().isEmpty() || death.heartbeats().getAsLong() == heartbeats;
  }

  @Override
  public List<NodeSeen> nodes() {
    return locked(
        (now, signals) ->
            tables.nodes.values().stream()
                .filter(node -> !node.hasEnded())
                .map(node -> node.seen(now))
                .toList());
  }

  @Override
  public List<Death> deaths() {
    return locked(
        (now, signals) ->
            tables.nodes.values().stream()
                .filter(MemoryNode::isProvenDead)
                .map(node -> Death.proven(node.info().id(), "its process is gone"))
                .toList());
  }

  @Override
  public List<Orphan> orphans(Collection<Death> deaths, int limit) {
    return locked(
        (now, signals) ->
            deaths.stream()
                .flatMap(
                    death ->
                        tables.heldBy(death.node()).stream()
                            .map(row -> orphan(row, began(row), death)))
                .limit(limit)
                .toList());
  }

  private boolean began(MemoryRow row) {
    @Nullable MemoryNode node = tables.nodes.get(row.lease().node());
    return node == null || node.runs(row.id());
  }

  @Override
  public List<Orphan> strays(int limit) {
    return locked(
        (now, signals) ->
            tables.holders().stream()
                .filter(this::isUnknownOrEnded)
                .flatMap(
                    id ->
                        tables.heldBy(id).stream()
                            .map(row -> orphan(row, false, Death.ended(id, "its node has ended"))))
                .limit(limit)
                .toList());
  }

  private boolean isUnknownOrEnded(NodeId id) {
    @Nullable MemoryNode node = tables.nodes.get(id);
    return node == null || node.hasEnded();
  }

  @Override
  public List<Lease> rescue(List<Rescue> rescues, String by) {
    return changing(
        (now, signals) -> {
          List<Lease> rescued = new ArrayList<>();
          for (Rescue rescue : rescues) {
            @Nullable MemoryRow row = tables.rows.get(rescue.lease().job());
            if (row != null && row.isHeldUnder(rescue.lease()) && holds(rescue)) {
              tables.change(
                  row,
                  () -> row.rescue(rescue.transition(), rescue.crashed(), by, rescue.why(), now));
              tables.waits.ask(row, rescue.transition(), now, signals);
              tables.waits.follow(row, now, signals);
              signalArrival(row, signals);
              signals.add(Signal.REVOKED);
              rescued.add(rescue.lease());
            }
          }
          return rescued;
        });
  }

  private boolean holds(Rescue rescue) {
    return rescue.death().map(this::isStill).orElse(true);
  }

  @Override
  public List<RunningJob> running(Duration atLeast, JobFilter filter, int limit) {
    return locked(
        (now, signals) ->
            tables.in(JobState.RUNNING).stream()
                .filter(row -> matches(row, filter.states(Set.of())))
                .filter(row -> !row.startedAt().orElse(now).isAfter(now.minus(atLeast)))
                .sorted(Comparator.comparing(row -> row.startedAt().orElse(now)))
                .limit(limit)
                .map(row -> runningJob(row, now))
                .toList());
  }

  private RunningJob runningJob(MemoryRow row, Instant now) {
    Duration ran = Duration.between(row.startedAt().orElse(now), now);
    return new RunningJob(
        row.lease(),
        row.type(),
        row.crashes(),
        ran.isNegative() ? Duration.ZERO : ran,
        row.timeout(),
        !isOrphaned(row, now));
  }

  @Override
  public List<Lease> held(NodeId node) {
    return locked((now, signals) -> tables.heldBy(node).stream().map(MemoryRow::lease).toList());
  }

  @Override
  public List<Changed> cancel(List<JobId> ids, String by) {
    return changeAll(
        ids,
        CANCELLABLE,
        (now, signals) ->
            row -> {
              if (row.state() == JobState.RUNNING) {
                signals.add(Signal.REVOKED);
              }
              tables.change(row, () -> row.cancel(by, "", now));
              tables.waits.follow(row, now, signals);
            });
  }

  @Override
  public List<Changed> retry(List<JobId> ids, String by) {
    return changeAll(
        ids,
        RETRYABLE,
        (now, signals) ->
            row -> {
              tables.change(row, () -> row.retry(by, now));
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
  public Changed amend(JobId id, Amendment amendment, String by) {
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
  public Optional<JobId> keyOwner(Optional<String> group, String type, String key) {
    return locked(
        (now, signals) ->
            Optional.ofNullable(tables.keys.get(new MemoryTables.Key(group, type, key)))
                .filter(owner -> now.isBefore(owner.until()))
                .map(MemoryTables.KeyOwner::job));
  }

  @Override
  public List<Changed> delete(List<JobId> ids) {
    return changeAll(
        ids,
        DELETABLE,
        (now, signals) ->
            row -> {
              tables.remove(row);
              tables.waits.follow(row.id(), JobState.CANCELLED, now, signals);
            });
  }

  private List<Changed> changeAll(
      List<JobId> ids, Set<JobState> allowed, Work<Consumer<MemoryRow>> change) {
    return changing(
        (now, signals) -> {
          List<Changed> answers = new ArrayList<>();
          for (JobId id : ids) {
            @Nullable MemoryRow row = tables.rows.get(id);
            Optional<JobState> before = Optional.ofNullable(row).map(MemoryRow::state);
            boolean done = row != null && allowed.contains(row.state());
            if (row != null && done) {
              change.in(now, signals).accept(row);
            }
            answers.add(new Changed(id, before, done));
          }
          return answers;
        });
  }

  @Override
  public Sweep sweep(Retention retention, Optional<JobId> from, int limit) {
    return changing(
        (now, signals) -> {
          List<MemoryRow> looked =
              from
                  .map(first -> tables.rows.tailMap(first, true))
                  .orElse(tables.rows)
                  .values()
                  .stream()
                  .limit(limit + 1L)
                  .toList();
          Optional<JobId> next =
              looked.size() > limit ? Optional.of(looked.get(limit).id()) : Optional.empty();
          List<MemoryRow> old =
              looked.stream()
                  .limit(limit)
                  .filter(row -> isExpired(row, retention, now))
                  .filter(row -> !tables.waits.isNeeded(row.id()))
                  .toList();
          old.forEach(tables::remove);
          return new Sweep(
              old.stream().map(MemoryRow::id).toList(), tables.forget(retention, now), next);
        });
  }

  private static boolean isExpired(MemoryRow row, Retention retention, Instant now) {
    return retention
        .of(row.state())
        .flatMap(kept -> row.finishedAt().map(end -> !end.plus(kept).isAfter(now)))
        .orElse(false);
  }

  @Override
  public QueueSettings settings(String queue) {
    return locked((now, signals) -> tables.queues.settings(queue));
  }

  @Override
  public QueueSettings configure(String queue, UnaryOperator<QueueSettings> change) {
    return changing(
        (now, signals) -> {
          signals.add(Signal.QUEUES);
          QueueSettings before = tables.queues.settings(queue);
          QueueSettings after = change.apply(before);
          tables.queues.configure(queue, after);
          tables.limits.forgetAllowance(queue);
          if (after.order() != before.order()) {
            tables.reorder(queue, after.order());
          }
          return after;
        });
  }

  /** A switch does all of it. */
  @Override
  public int reorder(int limit) {
    return 0;
  }

  @Override
  public boolean pauseQueue(String queue, String by) {
    return changing(
        (now, signals) -> {
          signals.add(Signal.QUEUES);
          return tables.queues.pause(queue, new QueuePause(now, by));
        });
  }

  @Override
  public boolean resumeQueue(String queue) {
    return changing(
        (now, signals) -> {
          boolean resumed = tables.queues.resume(queue);
          if (resumed) {
            signals.addAll(EnumSet.of(Signal.QUEUES, Signal.WORK));
          }
          return resumed;
        });
  }

  @Override
  public List<QueueSummary> queues() {
    return locked((now, signals) -> MemorySummaries.all(tables, statuses(now)));
  }

  @Override
  public void limitType(String type, Optional<Integer> concurrency) {
    changing(
        (now, signals) -> {
          signals.addAll(EnumSet.of(Signal.QUEUES, Signal.WORK));
          tables.limits.limitType(type, concurrency);
          return true;
        });
  }

  @Override
  public RunNext runNext(String queue, String by) {
    return changing(
        (now, signals) -> {
          signals.add(Signal.WORK);
          return tables.limits.runNext(queue);
        });
  }

  @Override
  public Map<String, Integer> typeLimits() {
    return locked((now, signals) -> tables.limits.types());
  }

  @Override
  public Optional<Situation> situation(JobId id) {
    return locked(
        (now, signals) ->
            Optional.ofNullable(tables.rows.get(id))
                .map(
                    row ->
                        new Situation(
                            now,
                            tables.job(row),
                            ahead(row),
                            waiting(row),
                            statuses(now),
                            tables.queues.paused(row.queue()),
                            tables.limits.reached(row),
                            tables.limits.rateUntil(row, now))));
  }

  private Situation.Waiting waiting(MemoryRow row) {
    return row.state() == JobState.BLOCKED
        ? new Situation.Waiting(
            tables.waits.open(row.id()),
            tables.waits.predecessors(row.id()).stream()
                .filter(Predecessor::isOpen)
                .limit(Situation.Waiting.TOLD_MAX)
                .toList(),
            tables.waits.awaited(row.id()))
        : Situation.Waiting.none();
  }

  private int ahead(MemoryRow row) {
    return row.state() == JobState.PENDING
        ? (int)
            tables.pendingIn(row.queue()).stream()
                .filter(other -> MemoryRow.CLAIM_ORDER.compare(other, row) < 0)
                .count()
        : 0;
  }

  private List<QueueStatus.Node> statuses(Instant now) {
    return tables.nodes.values().stream()
        .filter(node -> !node.hasEnded())
        .map(node -> node.status(tables.heldBy(node.info().id()).size(), now))
        .toList();
  }

  @Override
  public List<Predecessor> predecessors(JobId id, int from, int limit) {
    return locked(
        (now, signals) ->
            tables.waits.predecessors(id).stream()
                .filter(predecessor -> predecessor.position() >= from)
                .limit(limit)
                .toList());
  }

  @Override
  public List<Job> dependents(JobId id, PageRequest page) {
    return locked(
        (now, signals) ->
            tables.waits.dependents(id).stream()
                .filter(
                    row -> page.after().map(after -> row.id().compareTo(after) < 0).orElse(true))
                .sorted(Comparator.comparing(MemoryRow::id).reversed())
                .limit(page.limit())
                .map(tables::job)
                .toList());
  }

  /** Nobody changes these rows by hand. */
  @Override
  public List<Finding> examine() {
    return List.of();
  }

  @Override
  public Optional<Job> find(JobId id) {
    return locked((now, signals) -> Optional.ofNullable(tables.rows.get(id)).map(tables::job));
  }

  @Override
  public List<Job> list(JobFilter filter, PageRequest page) {
    return locked(
        (now, signals) ->
            page
                .after()
                .map(after -> tables.rows.headMap(after, false))
                .orElse(tables.rows)
                .descendingMap()
                .values()
                .stream()
                .filter(row -> matches(row, filter))
                .limit(page.limit())
                .map(tables::job)
                .toList());
  }

  private static boolean matches(MemoryRow row, JobFilter filter) {
    return (filter.states().isEmpty() || filter.states().contains(row.state()))
        && filter.queue().map(row.queue()::equals).orElse(true)
        && filter.type().map(row.type()::equals).orElse(true)
        && filter.group().map(group -> row.group().equals(Optional.of(group))).orElse(true)
        && (filter.ids().isEmpty() || filter.ids().contains(row.id()))
        && filter.scope().covers(row.group());
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
  public Optional<String> lastGroup(String prefix) {
    return locked(
        (now, signals) ->
            tables.rows.values().stream()
                .flatMap(row -> row.group().stream())
                .filter(group -> group.startsWith(prefix))
                .max(String::compareTo));
  }

  @Override
  public QueueStatus status() {
    return locked(
        (now, signals) -> {
          List<MemoryRow> running = tables.in(JobState.RUNNING);
          return new QueueStatus(
              counts(),
              running.stream().filter(row -> isStuck(row, now)).count(),
              running.stream().filter(row -> isOrphaned(row, now)).count(),
              tables.in(JobState.PENDING).stream().findFirst().map(tables::job),
              tables.rows.isEmpty()
                  ? Optional.empty()
                  : Optional.of(tables.job(tables.rows.lastEntry().getValue())),
              running.stream().limit(ACTIVE_MAX).map(tables::job).toList(),
              waiting(),
              statuses(now),
              new MemorySchedules(this, tables).overdue(now),
              new MemoryAlerts(this, tables).raised(),
              new QueueStatus.Database("memory", "memory", 0, Map.of()));
        });
  }

  private List<QueueStatus.Waiting> waiting() {
    Map<List<String>, Long> counts = new TreeMap<>(Comparator.comparing(List::toString));
    tables.in(JobState.PENDING).stream()
        .limit(QueueStatus.WAITING_LOOKED_AT)
        .forEach(row -> counts.merge(List.of(row.queue(), row.type()), 1L, Long::sum));
    return counts.entrySet().stream()
        .map(
            count ->
                new QueueStatus.Waiting(
                    count.getKey().get(0), count.getKey().get(1), count.getValue()))
        .toList();
  }

  private Map<JobState, Long> counts() {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      counts.put(state, 0L);
    }
    tables.rows.values().forEach(row -> counts.merge(row.state(), 1L, Long::sum));
    return counts;
  }

  private static boolean isStuck(MemoryRow row, Instant now) {
    return row.startedAt().map(start -> start.plus(STUCK_AFTER).isBefore(now)).orElse(false);
  }

  private boolean isOrphaned(MemoryRow row, Instant now) {
    @Nullable MemoryNode node = tables.nodes.get(row.lease().node());
    return node == null || !node.isAlive(now);
  }

  @Override
  public TokenStore tokens() {
    return new MemoryTokens(this, tables);
  }

  @Override
  public Insights insights() {
    return new MemoryInsights(this, tables);
  }

  @Override
  public Upkeep upkeep() {
    return new MemoryUpkeep();
  }

  @Override
  public AuditLog audit() {
    return new MemoryAudit(this, tables);
  }

  @Override
  public WebhookStore webhooks() {
    return new MemoryWebhooks(this, tables);
  }

  @Override
  public AlertStore alerts() {
    return new MemoryAlerts(this, tables);
  }

  @Override
  public ScheduleStore schedules() {
    return new MemorySchedules(this, tables);
  }

  @Override
  public Archive archive() {
    return new MemoryArchive(tables, time);
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

  /** One transaction: it reads the clock once, and what it signals is told after its end. */
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

  private Orphan orphan(MemoryRow row, boolean began, Death death) {
    Claimed job = row.claimed();
    Optional<RecoveryPolicy> recovery =
        Optional.ofNullable(tables.nodes.get(death.node()))
            .map(node -> node.serves().types().get(job.type()));
    return new Orphan(job.lease(), job.type(), job.crashes(), began, recovery, death);
  }
}
