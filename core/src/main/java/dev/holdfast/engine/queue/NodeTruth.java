package dev.holdfast.engine.queue;

import dev.holdfast.NodeId;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueStatus.Liveness;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Situation;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** Shows nodes as dead by the same proof by which recovery takes their jobs. */
final class NodeTruth {
  private final Set<NodeId> dead;

  private NodeTruth(Set<NodeId> dead) {
    this.dead = dead;
  }

  /** Reads the deaths that are proven now. */
  static NodeTruth of(JobStore store) {
    return new NodeTruth(
        store.recovery().deaths().stream().map(Death::node).collect(Collectors.toSet()));
  }

  /** Jobs of nodes that are proven dead are orphaned, before the lease has run out. */
  QueueStatus in(QueueStatus status) {
    long orphaned =
        status.nodes().stream()
            .filter(node -> node.alive() && dead.contains(node.id()))
            .mapToLong(QueueStatus.Node::held)
            .sum();
    return orphaned == 0 && dead.isEmpty()
        ? status
        : status.nodes(in(status.nodes()), status.orphaned() + orphaned);
  }

  Situation in(Situation situation) {
    return situation.nodes(in(situation.nodes()));
  }

  List<QueueStatus.Node> in(List<QueueStatus.Node> nodes) {
    return nodes.stream()
        .map(node -> dead.contains(node.id()) ? node.liveness(Liveness.DEAD) : node)
        .toList();
  }
}
