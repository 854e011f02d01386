package dev.holdfast.engine.queue;

import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.Nodes;
import dev.holdfast.QueueStatus;
import dev.holdfast.spi.JobStore;
import java.util.List;

/** The nodes of a store; one that is proven dead is shown as dead before its lease has expired. */
record StoreNodes(JobStore store) implements Nodes {

  @Override
  public List<QueueStatus.Node> list() {
    return NodeTruth.of(store).in(store.nodes().list());
  }

  @Override
  public List<NodeId> command(NodeCommand command, List<NodeId> nodes) {
    return store.nodes().command(command, nodes);
  }
}
