package dev.holdfast.test.memory;

import dev.holdfast.BulkOperation;
import dev.holdfast.ClaimOrder;
import dev.holdfast.FailureGroup;
import dev.holdfast.Fingerprint;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogLine;
import dev.holdfast.NodeId;
import dev.holdfast.PageCursor;
import dev.holdfast.QueueStatus;
import dev.holdfast.Retention;
import dev.holdfast.ScheduleFire;
import dev.holdfast.error.ConflictException;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.LeaseRules;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.Signal;
import dev.holdfast.spi.record.Move;
import dev.holdfast.spi.record.QueueRecord;
import dev.holdfast.spi.record.ScheduleRecord;
import dev.holdfast.spi.server.Alert;
import dev.holdfast.spi.server.AuditRecord;
import dev.holdfast.spi.server.LeaseKey;
import dev.holdfast.spi.server.TokenRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The rows that the handles of one memory store share, and indexes as a database has them. */
final class MemoryTables {
  /** The scope of an idempotency key. */
  record Key(Optional<String> group, String type, String key) {}

  /** The job that owns a key, and until when. */
  record KeyOwner(JobId job, Instant until) {}

  private static final Duration NODES_KEPT = Duration.ofDays(7);
  private static final Duration FIRES_KEPT = Duration.ofDays(7);

  final ReentrantLock lock = new ReentrantLock();
  final List<Consumer<Signal>> listeners = new CopyOnWriteArrayList<>();

  // guarded by lock, like all below
  final NavigableMap<JobId, MemoryRow> rows = new TreeMap<>();
  final Map<Key, KeyOwner> keys = new HashMap<>();
  final Map<NodeId, MemoryNode> nodes = new LinkedHashMap<>();
  final List<LogLine> logs = new ArrayList<>();
  final NavigableSet<MemoryRow> scheduled = new TreeSet<>(MemoryRow.DUE_ORDER);
  final MemoryWaits waits = new MemoryWaits(this);
  final MemorySteps steps = new MemorySteps();
  private final NavigableMap<String, NavigableSet<MemoryRow>> pending = new TreeMap<>();
  private final Map<NodeId, NavigableMap<JobId, MemoryRow>> running = new LinkedHashMap<>();
  final List<LeaseKey> leaseKeys = new ArrayList<>();
  final Map<UUID, BulkOperation> bulkOperations = new LinkedHashMap<>();
  final Map<UUID, PageCursor> bulkPositions = new HashMap<>();
  final NavigableMap<String, TokenRecord> tokens = new TreeMap<>();
  final Map<String, Instant> endedSessions = new HashMap<>();
  final List<AuditRecord> audit = new ArrayList<>();
  final MemoryDeliveries deliveries = new MemoryDeliveries(this);
  final NavigableMap<String, Alert> alerts = new TreeMap<>();
  final NavigableMap<String, ScheduleRecord> schedules = new TreeMap<>();
  final Map<String, NavigableMap<Instant, ScheduleFire>> fires = new HashMap<>();
  final MemorySamples samples = new MemorySamples();
  final MemoryRecoveries recoveries = new MemoryRecoveries(this);
  final Map<Fingerprint, FailureGroup.Mute> mutes = new HashMap<>();
  final MemoryQueues queues = new MemoryQueues();
  private final MemoryRanks orders = new MemoryRanks(this);
  private String lastServed = "";
  private long lastLine;
  final MemoryLapses lapses = new MemoryLapses(this);
  final MemoryLimits limits = new MemoryLimits(this);
  @Nullable Move move;

  void refuseIfFenced() {
    if (move != null) {
      throw new ConflictException(move.message());
    }
  }

  void add(MemoryRow row) {
    rows.put(row.id(), row);
    if (row.state() == JobState.PENDING) {
      orders.enter(row);
    }
    index(row);
  }

  /** Changes a row; its place in every index follows. */
  void change(MemoryRow row, Runnable change) {
    JobState state = row.state();
    String queue = row.queue();
    int priority = row.priority();
    unindex(row);
    change.run();
    samples.changed(row, state);
    if (!deliveries.webhooks.isEmpty()) {
      deliveries.changed(state, job(row));
    }
    if (row.state() == JobState.PENDING && state == JobState.RUNNING) {
      orders.returned(row);
    } else if (row.state() == JobState.PENDING) {
      boolean stays =
          state == JobState.PENDING && queue.equals(row.queue()) && priority == row.priority();
      if (!stays) {
        orders.enter(row);
      }
    }
    index(row);
  }

  /** Replaces the settings of a queue. */
  void load(QueueRecord queue) {
    queues.forget(queue.name());
    queues.configure(queue.name(), queue.settings());
    queue.paused().ifPresent(pause -> queues.pause(queue.name(), pause));
    reorder(queue.name(), queue.settings().order());
  }

  /** Changes the claim order of a queue, and ranks its jobs again. */
  void reorder(String queue, ClaimOrder order) {
    List<MemoryRow> line = List.copyOf(pendingIn(queue));
    line.forEach(this::unindex);
    orders.switchTo(queue, order);
    for (MemoryRow row : line) {
      orders.enter(row);
      index(row);
    }
  }

  void remove(MemoryRow row) {
    unindex(row);
    rows.remove(row.id());
    waits.remove(row.id());
    steps.remove(row.id());
    lapses.forget(row.id());
    logs.removeIf(line -> line.job().equals(row.id()));
  }

  /** Forgets what is no job and has expired. */
  int forget(Retention retention, Instant now) {
    int before = others();
    recoveries.forget(now);
    keys.values().removeIf(owner -> !now.isBefore(owner.until()));
    nodes
        .values()
        .removeIf(
            node -> node.endedBefore(now.minus(NODES_KEPT)) && heldBy(node.info().id()).isEmpty());
    retention.logs().ifPresent(kept -> logs.removeIf(line -> line.at().isBefore(now.minus(kept))));
    retention
        .audit()
        .ifPresent(kept -> audit.removeIf(line -> line.at().isBefore(now.minus(kept))));
    Instant firesFrom = now.minus(FIRES_KEPT);
    fires
        .values()
        .forEach(slots -> slots.values().removeIf(fire -> fire.firedAt().isBefore(firesFrom)));
    return before - others();
  }

  private int others() {
    int remembered = fires.values().stream().mapToInt(Map::size).sum();
    return keys.size() + nodes.size() + logs.size() + audit.size() + remembered;
  }

  private void index(MemoryRow row) {
    switch (row.state()) {
      case PENDING ->
          pending
              .computeIfAbsent(row.queue(), queue -> new TreeSet<>(MemoryRow.CLAIM_ORDER))
              .add(row);
      case SCHEDULED -> scheduled.add(row);
      case RUNNING ->
          running.computeIfAbsent(row.lease().node(), node -> new TreeMap<>()).put(row.id(), row);
      default -> {}
    }
  }

  private void unindex(MemoryRow row) {
    switch (row.state()) {
      case PENDING ->
          pending.computeIfPresent(
              row.queue(), (queue, line) -> line.remove(row) && line.isEmpty() ? null : line);
      case SCHEDULED -> scheduled.remove(row);
      case RUNNING ->
          running.computeIfPresent(
              row.lease().node(),
              (node, jobs) -> jobs.remove(row.id(), row) && jobs.isEmpty() ? null : jobs);
      default -> {}
    }
  }

  /** Returns the strictest rules of the nodes that handle a type. */
  LeaseRules rules(String type) {
    return LeaseRules.strictest(
        nodes.values().stream()
            .filter(node -> !node.hasEnded())
            .filter(node -> ServedWork.policy(node.serves().types(), type).isPresent())
            .map(node -> node.said(type).rules()));
  }

  /** Returns whether one more crash fails this job. */
  boolean isLastChance(MemoryRow row) {
    return row.crashes() > 0 && rules(row.type()).isLastChance(row.crashes());
  }

  Collection<MemoryRow> pendingIn(String queue) {
    NavigableSet<MemoryRow> line = pending.get(queue);
    return line == null ? List.of() : line;
  }

  /**
   * The queues that have runnable jobs, are not paused, and are among {@code wanted} (empty for
   * all), each claim beginning with another one.
   */
  List<String> queuesInTurn(List<String> wanted) {
    List<String> inTurn = new ArrayList<>(pending.tailMap(lastServed, false).keySet());
    inTurn.addAll(pending.headMap(lastServed, true).keySet());
    inTurn.removeIf(queue -> !wanted.isEmpty() && !wanted.contains(queue));
    inTurn.removeIf(queue -> queues.paused(queue).isPresent());
    return inTurn;
  }

  /** Returns whether jobs run, or wait that a living node has a handler for. */
  boolean isBusy() {
    return !running.isEmpty()
        || queuesInTurn(List.of()).stream()
            .flatMap(queue -> pendingIn(queue).stream())
            .anyMatch(this::isServed);
  }

  private boolean isServed(MemoryRow row) {
    return nodes.values().stream()
        .filter(node -> node.isPresent() && !node.hasEnded())
        .anyMatch(node -> node.serves().types().containsKey(row.type()));
  }

  /** Returns the id of a new permit. */
  long newLine() {
    return ++lastLine;
  }

  void served(String queue) {
    lastServed = queue;
  }

  /** The jobs that {@code node} holds. */
  List<MemoryRow> heldBy(NodeId node) {
    NavigableMap<JobId, MemoryRow> jobs = running.get(node);
    return jobs == null ? List.of() : List.copyOf(jobs.values());
  }

  List<NodeId> holders() {
    return List.copyOf(running.keySet());
  }

  List<MemoryRow> in(JobState state) {
    return rows.values().stream().filter(row -> row.state() == state).toList();
  }

  String nameOf(NodeId id) {
    MemoryNode node = nodes.get(id);
    return node == null ? id.toString() : node.info().name();
  }

  Job job(MemoryRow row) {
    return row.toJob(row.node().map(this::holder));
  }

  private Job.Holder holder(NodeId id) {
    @Nullable MemoryNode node = nodes.get(id);
    return node == null
        ? new Job.Holder(id, "", "", 0)
        : new Job.Holder(id, node.info().name(), node.info().host(), node.info().processId());
  }

  boolean isStill(Death death) {
    @Nullable MemoryNode node = nodes.get(death.node());
    long heartbeats = node == null || node.hasEnded() ? Death.NOT_LIVING : node.heartbeats();
    return death.heartbeats().isEmpty() || death.heartbeats().getAsLong() == heartbeats;
  }

  List<QueueStatus.Node> statuses(Instant now) {
    return nodes.values().stream()
        .filter(node -> !node.hasEnded())
        .map(node -> node.status(heldBy(node.info().id()).size(), now))
        .toList();
  }

  boolean isOrphaned(MemoryRow row, Instant now) {
    @Nullable MemoryNode node = nodes.get(row.lease().node());
    return node == null || !node.hasLease(now);
  }
}
