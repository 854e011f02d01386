package dev.holdfast.engine;

import dev.holdfast.NodeId;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.TimeSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges other nodes by their heartbeats. A node is dead when its heartbeats have not moved for the
 * whole of its lease on this observer's own monotonic clock and its lease has run out by the
 * store's clock: a clock that is set or jumps kills nobody.
 */
final class NodeWatch {
  private record Beat(long heartbeats, long seenTicks) {}

  private final NodeId self;
  private final TimeSource time;
  private final Map<NodeId, Beat> beats = new HashMap<>();

  NodeWatch(NodeId self, TimeSource time) {
    this.self = self;
    this.time = time;
  }

  /** The dead among {@code nodes}. */
  List<Death> judge(List<NodeSeen> nodes) {
    long now = time.ticks();
    List<Death> deaths = new ArrayList<>();
    Map<NodeId, Beat> seen = new HashMap<>();
    for (NodeSeen node : nodes) {
      Beat beat = beats.getOrDefault(node.id(), new Beat(node.heartbeats(), now));
      if (beat.heartbeats() != node.heartbeats()) {
        beat = new Beat(node.heartbeats(), now);
      }
      seen.put(node.id(), beat);
      boolean silent = now - beat.seenTicks() >= node.lease().toNanos();
      if (silent && node.lapsed() && !node.id().equals(self)) {
        deaths.add(
            Death.lapsed(
                node.id(), "its heartbeats stopped and its lease ran out", node.heartbeats()));
      }
    }
    beats.clear();
    beats.putAll(seen);
    return deaths;
  }
}
