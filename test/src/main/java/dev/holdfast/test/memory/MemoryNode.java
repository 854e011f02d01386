package dev.holdfast.test.memory;

import dev.holdfast.JobId;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodePhase;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueStatus.Liveness;
import dev.holdfast.Vitals;
import dev.holdfast.spi.LeaseRules;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Registration;
import dev.holdfast.spi.ServedWork;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A node's row and its presence. The row is guarded by the store's lock, the presence by itself.
 */
final class MemoryNode implements Presence {
  private final NodeInfo info;
  private final Instant startedAt;
  private final Map<Integer, JobId> slots = new ConcurrentHashMap<>();
  private volatile boolean present = true;
  private volatile boolean died;
  private Instant heartbeatAt;
  private Instant leaseUntil;
  private final ServedWork serves;
  private NodePhase phase = NodePhase.STARTING;
  private NodeCommand command = NodeCommand.RUN;
  private Vitals vitals = Vitals.none();
  private Instant endedAt = Instant.MAX;
  private long heartbeats;
  private boolean ended;
  private boolean remote;

  MemoryNode(NodeInfo info, ServedWork serves, Duration lease, Instant now) {
    this.info = info;
    this.serves = serves;
    this.startedAt = now;
    this.heartbeatAt = now;
    this.leaseUntil = now.plus(lease);
  }

  /** Creates a node of another host, whose process is not visible here. */
  static MemoryNode remote(NodeInfo info, ServedWork serves, Duration lease, Instant now) {
    MemoryNode node = new MemoryNode(info, serves, lease, now);
    node.remote = true;
    node.present = false;
    return node;
  }

  boolean startedBefore(Instant instant) {
    return startedAt.isBefore(instant);
  }

  NodeInfo info() {
    return info;
  }

  /** Ends its process, unless it had stopped cleanly; its slots keep their jobs. */
  void die() {
    died = present;
    present = false;
  }

  boolean isProvenDead() {
    return died && !ended;
  }

  boolean hasEnded() {
    return ended;
  }

  boolean isPresent() {
    return present;
  }

  /** Returns whether its lease holds, which is independent of its process. */
  boolean hasLease(Instant now) {
    return !ended && now.isBefore(leaseUntil);
  }

  /** Returns whether it was running the job when last seen; true for all jobs of a remote node. */
  boolean runs(JobId job) {
    return remote || slots.containsValue(job);
  }

  long heartbeats() {
    return heartbeats;
  }

  Duration lease() {
    return Duration.between(heartbeatAt, leaseUntil);
  }

  /** Returns its registered rules for jobs of a type. */
  Orphan.Said said(String type) {
    return new Orphan.Said(
        ServedWork.policy(serves.types(), type),
        serves.rules().getOrDefault(type, LeaseRules.DEFAULTS),
        lease());
  }

  ServedWork serves() {
    return serves;
  }

  Registration registration() {
    return new Registration(serves, Duration.between(heartbeatAt, leaseUntil), ended);
  }

  void command(NodeCommand newCommand) {
    command = newCommand;
  }

  NodeCommand heartbeat(Duration lease, NodePhase newPhase, Vitals newVitals, Instant now) {
    heartbeats++;
    heartbeatAt = now;
    leaseUntil = now.plus(lease);
    phase = newPhase;
    vitals = newVitals;
    ended = false;
    return command;
  }

  /** Ends it cleanly: a last sign of life. */
  void leave(Instant now) {
    heartbeats++;
    deregister(now);
  }

  void deregister(Instant now) {
    if (!ended) {
      ended = true;
      endedAt = now;
    }
  }

  boolean endedBefore(Instant instant) {
    return ended && endedAt.isBefore(instant);
  }

  NodeSeen seen(Instant now) {
    Duration lease = Duration.between(heartbeatAt, leaseUntil);
    boolean lapsed = !now.isBefore(leaseUntil) || heartbeatAt.isAfter(now);
    return new NodeSeen(info.id(), heartbeats, lease, lapsed, silence(now));
  }

  private Duration silence(Instant now) {
    Duration silence = Duration.between(heartbeatAt, now);
    return silence.isNegative() ? Duration.ZERO : silence;
  }

  QueueStatus.Node status(long held, Instant now) {
    return new QueueStatus.Node(
        info.id(),
        info.name(),
        info.host(),
        info.processId(),
        info.version(),
        phase,
        command,
        serves.queues(),
        serves.types().keySet(),
        serves.capabilities(),
        serves.concurrency(),
        held,
        startedAt,
        heartbeatAt,
        Liveness.after(silence(now), Duration.between(heartbeatAt, leaseUntil)),
        vitals);
  }

  @Override
  public void begins(int slot, JobId job) {
    if (!died) {
      slots.put(slot, job);
    }
  }

  @Override
  public void ends(int slot) {
    if (!died) {
      slots.remove(slot);
    }
  }

  @Override
  public void close() {
    present = false;
  }
}
