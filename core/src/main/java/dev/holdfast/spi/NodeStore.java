package dev.holdfast.spi;

import dev.holdfast.JobId;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.Nodes;
import dev.holdfast.Vitals;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The part of a {@link JobStore} that keeps the nodes, their heartbeats and their leases. */
public interface NodeStore extends Nodes {

  /** Makes a node known and visible, with a lease of this length. */
  Presence register(NodeInfo node, ServedWork serves, Duration lease);

  /**
   * Makes a node known that runs elsewhere and speaks through this process. The life of this
   * process is no proof: only missed heartbeats, for the whole of its lease, show that it is dead,
   * unless {@code node} describes a process of this host, whose end is proof. All that it holds
   * then counts as running.
   */
  void registerRemote(NodeInfo node, ServedWork serves, Duration lease);

  /** Returns what a node reported when it registered; empty if its row is gone. */
  Optional<Registration> registration(NodeId node);

  /**
   * Renews a node's lease. A node that was considered dead lives again, without its old jobs.
   *
   * @return the command for the node
   * @throws dev.holdfast.error.ConflictException if the node's row is gone
   */
  NodeCommand heartbeat(NodeId node, Duration lease, NodePhase phase, Vitals vitals);

  /** Ends a node that stopped cleanly. */
  void deregister(NodeId node);

  /** Returns what recovery sees of the nodes that have not ended. */
  List<NodeSeen> seen();

  /** Returns the leases that a node holds. */
  List<Lease> held(NodeId node);

  /**
   * Returns the leases of a node on these jobs; cheap, however many jobs the node has held before.
   */
  default List<Lease> held(NodeId node, Collection<JobId> jobs) {
    return held(node).stream().filter(lease -> jobs.contains(lease.job())).toList();
  }
}
