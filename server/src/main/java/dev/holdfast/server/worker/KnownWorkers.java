package dev.holdfast.server.worker;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Registration;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * A cache of worker registrations. Jobs must not be given to unregistered workers, as nobody would
 * renew their lease. The store is queried only now and then. Thread-safe.
 */
final class KnownWorkers {
  private final JobStore store;
  private final TimeSource time;
  private final Duration trust;
  private final Map<NodeId, Seen> seen = new ConcurrentHashMap<>();

  private record Seen(Registration registration, long untilTicks) {}

  /**
   * @param trust how long an entry of the cache is valid
   */
  KnownWorkers(JobStore store, TimeSource time, Duration trust) {
    this.store = store;
    this.time = time;
    this.trust = trust;
  }

  /** Returns the registration of a live worker; empty if it must register again. */
  Optional<Registration> find(NodeId node) {
    return registration(node).filter(known -> !known.hasEnded());
  }

  /**
   * Returns the registration of a worker, even of one that has ended, as its next heartbeat revives
   * it.
   */
  Optional<Registration> registration(NodeId node) {
    Seen before = seen.get(node);
    if (before != null && !isOver(before)) {
      return Optional.of(before.registration());
    }
    Optional<Registration> found = store.nodes().registration(node);
    found.ifPresentOrElse(known -> add(node, known), () -> forget(node));
    return found;
  }

  private boolean isOver(Seen one) {
    return time.ticks() - one.untilTicks() >= 0;
  }

  /** Adds a registration that was just stored. */
  void add(NodeId node, Registration registration) {
    seen.values().removeIf(this::isOver); // dead workers do not deregister
    seen.put(node, new Seen(registration, time.ticks() + trust.toNanos()));
  }

  void forget(NodeId node) {
    seen.remove(node);
  }
}
