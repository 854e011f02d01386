package dev.holdfast;

import java.util.List;

/**
 * The nodes that run the jobs of a queue.
 *
 * <p>Every method may throw what the methods of {@link JobQueue} may.
 */
public interface Nodes {

  /** Returns the nodes that have not ended. */
  List<QueueStatus.Node> list();

  /**
   * Sends a command to nodes. They obey within a heartbeat, usually at once; nodes that start later
   * are not affected.
   *
   * @param command the command
   * @param nodes the nodes; empty for all that have not ended
   * @return the nodes that received it
   */
  List<NodeId> command(NodeCommand command, List<NodeId> nodes);
}
