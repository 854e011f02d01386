package dev.holdfast.cli.nodes;

import dev.holdfast.JobQueue;
import dev.holdfast.NodeId;
import dev.holdfast.QueueStatus;
import dev.holdfast.check.DidYouMean;
import dev.holdfast.error.NotFoundException;
import java.util.List;

/** Resolves nodes by id or name. */
final class NodeNames {
  private NodeNames() {}

  /** Returns the ids of these nodes; empty for all. */
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
          "there is no node '%s'%s"
              .formatted(
                  text,
                  DidYouMean.nearest(known.stream().map(QueueStatus.Node::name).toList(), text)
                      .map("; did you mean %s?"::formatted)
                      .orElse(": holdfast workers lists them")));
    }
    return named;
  }
}
