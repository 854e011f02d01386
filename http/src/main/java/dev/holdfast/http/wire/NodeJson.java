package dev.holdfast.http.wire;

import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueStatus.Liveness;
import dev.holdfast.Vitals;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Wire form of a {@link QueueStatus.Node}. */
public record NodeJson(
    NodeId id,
    String name,
    String host,
    long processId,
    String version,
    Liveness liveness,
    boolean alive,
    NodePhase phase,
    NodeCommand order,
    List<String> queues,
    List<String> types,
    Map<String, Object> capabilities,
    long held,
    int running,
    int slots,
    int usableSlots,
    int unresponsive,
    Instant startedAt,
    Instant heartbeatAt,
    double heartbeatAgeSeconds,
    List<Duty> duties,
    Map<String, Long> counts) {

  /** Wire form of a background duty of the node. */
  public record Duty(String name, Optional<Instant> ranAt, int failures, Optional<String> error) {
    static Duty of(Vitals.Duty duty) {
      return new Duty(duty.name(), duty.ranAt(), duty.failures(), duty.error());
    }

    Vitals.Duty duty() {
      return new Vitals.Duty(name, ranAt, error, failures);
    }
  }

  /**
   * Returns a node.
   *
   * @param now the time to which the age of its heartbeat is measured
   */
  public static NodeJson of(QueueStatus.Node node, Instant now) {
    return new NodeJson(
        node.id(),
        node.name(),
        node.host(),
        node.processId(),
        node.version(),
        node.liveness(),
        node.alive(),
        node.phase(),
        node.command(),
        node.queues(),
        node.types().stream().sorted().toList(),
        new TreeMap<>(node.capabilities()),
        node.held(),
        node.vitals().running(),
        node.concurrency(),
        node.vitals().slots(),
        node.vitals().unresponsive(),
        node.startedAt(),
        node.heartbeatAt(),
        Seconds.of(Duration.between(node.heartbeatAt(), now)),
        node.vitals().duties().stream().map(Duty::of).toList(),
        new TreeMap<>(node.vitals().counts()));
  }

  /** Returns the node. */
  public QueueStatus.Node node() {
    return new QueueStatus.Node(
        id,
        name,
        host,
        processId,
        version,
        phase,
        order,
        queues,
        Set.copyOf(types),
        capabilities,
        slots,
        held,
        startedAt,
        heartbeatAt,
        liveness,
        new Vitals(
            running, unresponsive, usableSlots, duties.stream().map(Duty::duty).toList(), counts));
  }

  /** Sums the counts of nodes since the start of each; of a maximum, returns the largest. */
  public static Map<String, Long> countsOf(Collection<QueueStatus.Node> nodes) {
    Map<String, Long> counts = new TreeMap<>();
    for (QueueStatus.Node node : nodes) {
      node.vitals()
          .counts()
          .forEach(
              (name, n) -> counts.merge(name, n, name.endsWith("_max") ? Math::max : Long::sum));
    }
    return counts;
  }
}
