package dev.holdfast.torture.mutants;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import java.time.Duration;

/** Lets the heartbeats stop when a node begins to stop, not when it has stopped. */
final class SilentAtTheEnd extends Changes {
  SilentAtTheEnd(JobStore behind) {
    super(behind);
  }

  public void heartbeat(NodeId node, Duration lease, String phase) {
    if (!phase.equals("draining")) {
      behind.heartbeat(node, lease, phase);
    }
  }
}
