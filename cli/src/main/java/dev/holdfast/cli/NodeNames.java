package dev.holdfast.cli;

import dev.holdfast.JobQueue;
import dev.holdfast.NodeId;
import dev.holdfast.NotFoundException;
import dev.holdfast.QueueStatus;
import java.util.List;

/** Nodes as people name them: by id or name. */
final class NodeNames {
  private NodeNames() {}

  /** The nodes that are meant; empty for all. */
  static List<NodeId> ids(JobQueue queue, List<String> wanted) {
    List<QueueStatus.Node> known = wanted.isEmpty() ? List.of() : queue.status().nodes();
    return wanted.stream().flatMap(text -> named(known, text).stream()).distinct().toList();
  }

  private static List<NodeId> named(List<QueueStatus.Node> known, String text) {
    List<NodeId> named =
        known.stream()
            .filter(node -> node.name().equals(text) || node.id().toString().equals(text))
            .map(QueueStatus.Node::id)
            .toList();
    if (named.isEmpty()) {
      throw new NotFoundException(
          "there is no node '%s': holdfast workers shows those that there are".formatted(text));
    }
    return named;
  }
}
