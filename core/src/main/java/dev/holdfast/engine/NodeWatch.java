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
import org.jspecify.annotations.Nullable;

/**
 * Judges other nodes by their heartbeats. A node is dead when its heartbeats have not moved for the
 * whole of its lease on this observer's own monotonic clock and its lease has run out by the
 * store's clock: a clock that is set or jumps kills no node. Neither does a time in which no node
 * could write: while this observer's own heartbeats did not get through, those of others prove
 * nothing.
 */
final class NodeWatch {
  /** Number of its own heartbeats that may be missing or late while it still judges others. */
  private static final int MISSED_MAX = 1;

  private record Beat(long heartbeats, long seenTicks) {}

  private final NodeId self;
  private final TimeSource time;
  private final Map<NodeId, Beat> beats = new HashMap<>();
  private long writingSinceTicks; // how far back the silence of others counts

  NodeWatch(NodeId self, TimeSource time) {
    this.self = self;
    this.time = time;
    this.writingSinceTicks = time.ticks();
  }

  /** The dead among {@code nodes}. */
  List<Death> judge(List<NodeSeen> nodes) {
    long now = time.ticks();
    if (nodes.stream().noneMatch(node -> node.id().equals(self) && couldWrite(node, now))) {
      writingSinceTicks = now;
    }
    List<Death> deaths = new ArrayList<>();
    Map<NodeId, Beat> seen = new HashMap<>();
    for (NodeSeen node : nodes) {
      Beat beat = beats.getOrDefault(node.id(), new Beat(node.heartbeats(), now));
      if (beat.heartbeats() != node.heartbeats()) {
        beat = new Beat(node.heartbeats(), now);
      }
      seen.put(node.id(), beat);
      long silence = Math.min(now - beat.seenTicks(), now - writingSinceTicks);
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

  /** Returns how long this observer has been able to write. */
  Duration writing() {
    return Duration.ofNanos(time.ticks() - writingSinceTicks);
  }

  /** Returns whether it could write since the last check; false if it was not registered then. */
  private boolean couldWrite(NodeSeen own, long now) {
    @Nullable Beat last = beats.get(own.id());
    if (last == null) {
      return false;
    }
    long interval = own.lease().dividedBy(Heartbeat.BEATS_PER_LEASE).toNanos();
    long missed = (now - last.seenTicks()) / interval - (own.heartbeats() - last.heartbeats());
    return missed <= MISSED_MAX;
  }
}
