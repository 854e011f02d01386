package dev.holdfast.server.worker;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which workers are registered. A job that was given to another would have no lease that anybody
 * renews. The store is asked once in a while only. Safe from any thread.
 */
final class KnownWorkers {
  private final JobStore store;
  private final TimeSource time;
  private final Duration trust;
  private final Map<NodeId, Long> untilTicks = new ConcurrentHashMap<>();

  /**
   * @param trust how long what the store said is believed
   */
  KnownWorkers(JobStore store, TimeSource time, Duration trust) {
    this.store = store;
    this.time = time;
    this.trust = trust;
  }

  boolean contains(NodeId node) {
    Long until = untilTicks.get(node);
    if (until != null && !isOver(until)) {
      return true;
    }
    boolean isKnown = store.nodes().stream().anyMatch(seen -> seen.id().equals(node));
    if (isKnown) {
      add(node);
    } else {
      forget(node);
    }
    return isKnown;
  }

  private boolean isOver(long until) {
    return time.ticks() - until >= 0;
  }

  /** The store has just been told of it. */
  void add(NodeId node) {
    untilTicks.values().removeIf(this::isOver); // who died did not say so
    untilTicks.put(node, time.ticks() + trust.toNanos());
  }

  void forget(NodeId node) {
    untilTicks.remove(node);
  }
}
