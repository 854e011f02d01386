package dev.holdfast.engine;

import dev.holdfast.NodeId;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges other nodes by their heartbeats. A node is dead when its heartbeats have not moved for the
 * whole of its lease on this observer's own monotonic clock and its lease has run out by the
 * store's clock: a clock that is set or jumps kills no node. Neither does a time in which no node
 * could write: the silence of others proves nothing while this observer's own heartbeats
 * {@linkplain LeaseTrust#steady stall}.
 */
final class NodeWatch {
  private record Beat(long heartbeats, long seenTicks) {}

  private final NodeId self;
  private final LeaseTrust trust;
  private final TimeSource time;
  private final Map<NodeId, Beat> beats = new HashMap<>();
  private long livingSinceTicks; // since when its own row is among the living

  NodeWatch(NodeId self, LeaseTrust trust, TimeSource time) {
    this.self = self;
    this.trust = trust;
    this.time = time;
    this.livingSinceTicks = time.ticks();
  }

  /** The dead among {@code nodes}. */
  List<Death> judge(List<NodeSeen> nodes) {
    long now = time.ticks();
    if (nodes.stream().noneMatch(node -> node.id().equals(self))) {
      livingSinceTicks = now;
    }
    long writing = writing().toNanos();
    List<Death> deaths = new ArrayList<>();
    Map<NodeId, Beat> seen = new HashMap<>();
    for (NodeSeen node : nodes) {
      Beat beat = beats.getOrDefault(node.id(), new Beat(node.heartbeats(), now));
      if (beat.heartbeats() != node.heartbeats()) {
        beat = new Beat(node.heartbeats(), now);
      }
      seen.put(node.id(), beat);
      long silence = Math.min(now - beat.seenTicks(), writing);
      boolean silent = silence >= node.lease().toNanos();
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

  /** Returns how long this observer has been able to write: how far back silence counts. */
  Duration writing() {
    Duration living = Duration.ofNanos(time.ticks() - livingSinceTicks);
    Duration steady = trust.steady();
    return steady.compareTo(living) < 0 ? steady : living;
  }
}
