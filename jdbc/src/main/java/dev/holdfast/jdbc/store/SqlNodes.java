package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.QueueStatus;
import dev.holdfast.Vitals;
import dev.holdfast.jdbc.dialect.ConnectionUse;
import dev.holdfast.jdbc.dialect.Database;
import dev.holdfast.jdbc.dialect.Dialect;
import dev.holdfast.jdbc.dialect.Liveness;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.NodeStore;
import dev.holdfast.spi.Presence;
import dev.holdfast.spi.Registration;
import dev.holdfast.spi.ServedWork;
import dev.holdfast.spi.Signal;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The nodes over JDBC. */
final class SqlNodes implements NodeStore {
  private final Database database;
  private final Dialect dialect;
  private final Liveness liveness;
  private final Set<NodeId> here = ConcurrentHashMap.newKeySet(); // nodes of this process

  SqlNodes(Database database, Dialect dialect, Liveness liveness) {
    this.database = database;
    this.dialect = dialect;
    this.liveness = liveness;
  }

  @Override
  public List<QueueStatus.Node> list() {
    long now = database.now();
    return database.read(ConnectionUse.CALLERS, session -> NodeRows.living(session, now));
  }

  @Override
  public Presence register(NodeInfo node, ServedWork serves, Duration lease) {
    Presence presence = liveness.announce(node);
    here.add(node.id());
    registerRemote(node, serves, lease);
    return presence;
  }

  @Override
  public void registerRemote(NodeInfo node, ServedWork serves, Duration lease) {
    NodeRows.Served row = NodeRows.Served.of(serves);
    database.write(
        useOf(node.id()),
        tx -> {
          Nodes.register(tx, node, row, lease);
          return node;
        });
    if (!here.contains(node.id())) {
      liveness.watch(node);
    }
  }

  /** A row of a worker elsewhere that others hold must not delay the heartbeats of this process. */
  private ConnectionUse useOf(NodeId node) {
    return here.contains(node) ? ConnectionUse.HEARTBEAT : ConnectionUse.CALLERS;
  }

  @Override
  public Optional<Registration> registration(NodeId node) {
    return database.read(ConnectionUse.CALLERS, session -> Nodes.registration(session, node));
  }

  @Override
  public NodeCommand heartbeat(NodeId node, Duration lease, NodePhase phase, Vitals vitals) {
    String vitalsText = NodeRows.vitals(vitals);
    return database.write(useOf(node), tx -> Nodes.heartbeat(tx, node, lease, phase, vitalsText));
  }

  @Override
  public List<NodeId> command(NodeCommand command, List<NodeId> nodes) {
    return database.write(
        ConnectionUse.CALLERS,
        tx -> {
          tx.postCommit().add(Signal.ORDERED);
          return Nodes.command(tx, command, nodes);
        });
  }

  @Override
  public void deregister(NodeId node) {
    database.write(
        useOf(node),
        tx -> {
          Nodes.leave(tx, node);
          return node;
        });
    liveness.deregister(node);
    here.remove(node);
  }

  @Override
  public List<NodeSeen> seen() {
    long now = database.now();
    return database.read(ConnectionUse.RECOVERY, session -> Nodes.living(session, now));
  }

  @Override
  public List<Lease> held(NodeId node) {
    return database.read(ConnectionUse.WORK, session -> Nodes.held(session, node));
  }

  @Override
  public List<Lease> held(NodeId node, Collection<JobId> jobs) {
    return database.read(ConnectionUse.WORK, session -> dialect.held(session, node, jobs));
  }
}
