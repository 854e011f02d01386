package dev.holdfast.test.memory;

import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.QueueStatus;
import dev.holdfast.Vitals;
import dev.holdfast.error.ConflictException;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.NodeStore;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Registration;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.Signal;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The nodes of a memory store. */
final class MemoryNodeStore implements NodeStore {
  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryNodeStore(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public List<QueueStatus.Node> list() {
    return store.locked((now, signals) -> tables.statuses(now));
  }

  @Override
  public Presence register(NodeInfo node, ServedWork serves, Duration lease) {
    return store.changing(
        (now, signals) -> {
          MemoryNode row = new MemoryNode(node, serves, lease, now);
          tables.nodes.put(node.id(), row);
          return row;
        });
  }

  @Override
  public void registerRemote(NodeInfo node, ServedWork serves, Duration lease) {
    store.changing(
        (now, signals) -> {
          tables.nodes.put(node.id(), MemoryNode.remote(node, serves, lease, now));
          return node;
        });
  }

  @Override
  public Optional<Registration> registration(NodeId node) {
    return store.locked(
        (now, signals) ->
            Optional.ofNullable(tables.nodes.get(node)).map(MemoryNode::registration));
  }

  @Override
  public NodeCommand heartbeat(NodeId node, Duration lease, NodePhase phase, Vitals vitals) {
    return store.changing(
        (now, signals) -> {
          @Nullable MemoryNode row = tables.nodes.get(node);
          if (row == null) {
            throw new ConflictException("there is no node " + node);
          }
          return row.heartbeat(lease, phase, vitals, now);
        });
  }

  @Override
  public List<NodeId> command(NodeCommand command, List<NodeId> nodes) {
    return store.changing(
        (now, signals) -> {
          signals.add(Signal.ORDERED);
          List<MemoryNode> told =
              tables.nodes.values().stream()
                  .filter(node -> !node.hasEnded())
                  .filter(node -> nodes.isEmpty() || nodes.contains(node.info().id()))
                  .toList();
          told.forEach(node -> node.command(command));
          return told.stream().map(node -> node.info().id()).toList();
        });
  }

  @Override
  public void deregister(NodeId node) {
    store.changing(
        (now, signals) -> {
          Optional.ofNullable(tables.nodes.get(node)).ifPresent(row -> row.leave(now));
          return true;
        });
  }

  @Override
  public List<NodeSeen> seen() {
    return store.locked(
        (now, signals) ->
            tables.nodes.values().stream()
                .filter(node -> !node.hasEnded())
                .map(node -> node.seen(now))
                .toList());
  }

  @Override
  public List<Lease> held(NodeId node) {
    return store.locked(
        (now, signals) -> tables.heldBy(node).stream().map(MemoryRow::lease).toList());
  }
}
