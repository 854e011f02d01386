package dev.holdfast.jdbc.dialect;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Presence;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A dialect's way of showing that a node is alive to other processes, in addition to the node's
 * row.
 */
public interface Liveness {

  /** Makes a node visible. */
  Presence announce(NodeInfo node);

  /**
   * Watches the process of a node that is not {@linkplain #announce announced} by it, if it is one
   * of this host.
   */
  void watch(NodeInfo node);

  /** Returns nodes that are proven dead and not deregistered yet. */
  List<Death> deaths();

  /** Returns the jobs that a node was running when it died; empty if that is unknown. */
  Optional<Set<JobId>> begunBy(NodeId node);

  /** Removes what is left of a node. */
  void deregister(NodeId node);
}
