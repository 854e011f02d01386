package dev.holdfast.jdbc.store;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.NodeInfo;
import dev.holdfast.spi.Presence;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** How a dialect makes a node's life visible to other processes, beside the node's row. */
public interface Liveness {

  /** Makes a node visible. */
  Presence announce(NodeInfo node);

  /** Nodes that are proven dead and not buried yet. */
  List<Death> deaths();

  /** What a node was running when it died; empty when that cannot be known. */
  Optional<Set<JobId>> begunBy(NodeId node);

  /** Forgets what is left of a node. */
  void bury(NodeId node);
}
