package dev.holdfast.testkit;

import dev.holdfast.JobId;
import dev.holdfast.NodeOrder;
import dev.holdfast.NodePhase;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueStatus.Liveness;
import dev.holdfast.Vitals;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Serves;
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
  private final Serves serves;
  private NodePhase phase = NodePhase.STARTING;
  private NodeOrder order = NodeOrder.RUN;
  private Vitals vitals = Vitals.none();
  private Instant endedAt = Instant.MAX;
  private long heartbeats;
  private boolean ended;
  private boolean remote;

  MemoryNode(NodeInfo info, Serves serves, Duration lease, Instant now) {
    this.info = info;
    this.serves = serves;
    this.startedAt = now;
    this.heartbeatAt = now;
    this.leaseUntil = now.plus(lease);
  }

  /** A node of another host, whose life nobody sees here. */
  static MemoryNode remote(NodeInfo info, Serves serves, Duration lease, Instant now) {
    MemoryNode node = new MemoryNode(info, serves, lease, now);
    node.remote = true;
    node.present = false;
    return node;
  }

  NodeInfo info() {
    return info;
  }

  /** Its process is gone, unless it had ended in order: what stands in the slots stays there. */
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

  boolean isAlive(Instant now) {
    return !ended && !died && now.isBefore(leaseUntil);
  }

  /** Whether it was running the job when it was seen last; all that it holds where nobody sees. */
  boolean runs(JobId job) {
    return remote || slots.containsValue(job);
  }

  long heartbeats() {
    return heartbeats;
  }

  Serves serves() {
    return serves;
  }

  void order(NodeOrder newOrder) {
    order = newOrder;
  }

  NodeOrder heartbeat(Duration lease, NodePhase newPhase, Vitals newVitals, Instant now) {
    heartbeats++;
    heartbeatAt = now;
    leaseUntil = now.plus(lease);
    phase = newPhase;
    vitals = newVitals;
    ended = false;
    return order;
  }

  void bury(Instant now) {
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
    return new NodeSeen(info.id(), heartbeats, lease, !now.isBefore(leaseUntil), silence(now));
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
        order,
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
