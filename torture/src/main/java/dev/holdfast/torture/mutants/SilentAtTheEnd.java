package dev.holdfast.torture.mutants;

import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.Vitals;
import dev.holdfast.spi.JobStore;
import java.time.Duration;

/** Stops the heartbeats when a node begins to stop, not when it has stopped. */
final class SilentAtTheEnd extends Changes {
  SilentAtTheEnd(JobStore behind) {
    super(behind);
  }

  public NodeCommand heartbeat(NodeId node, Duration lease, NodePhase phase, Vitals vitals) {
    return phase == NodePhase.DRAINING
        ? NodeCommand.RUN
        : behind.nodes().heartbeat(node, lease, phase, vitals);
  }
}
