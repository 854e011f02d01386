package dev.holdfast.torture.mutants;

import dev.holdfast.NodeId;
import dev.holdfast.NodeOrder;
import dev.holdfast.NodePhase;
import dev.holdfast.Vitals;
import dev.holdfast.spi.JobStore;
import java.time.Duration;

/** Lets the heartbeats stop when a node begins to stop, not when it has stopped. */
final class SilentAtTheEnd extends Changes {
  SilentAtTheEnd(JobStore behind) {
    super(behind);
  }

  public NodeOrder heartbeat(NodeId node, Duration lease, NodePhase phase, Vitals vitals) {
    return phase == NodePhase.DRAINING
        ? NodeOrder.RUN
        : behind.heartbeat(node, lease, phase, vitals);
  }
}
