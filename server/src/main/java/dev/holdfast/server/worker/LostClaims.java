package dev.holdfast.server.worker;

import dev.holdfast.NodeId;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Finds leases that the store has for a worker and the worker does not list. If that lasts, the
 * answer to its claim was lost, and nobody will ever run the job under this lease.
 *
 * <p>Reading all leases of a worker can scan rows of its earlier jobs until the database has
 * cleaned up. So the next look comes after {@value #REST} times the duration of the last one.
 */
final class LostClaims {
  private static final int REST = 100;
  private static final long KEPT_NANOS = Duration.ofHours(1).toNanos();

  private final TimeSource time;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<NodeId, Look> looks = new HashMap<>(); // the last of each; guarded by lock

  /** The times at which leases were first missing, and the time of the next look. */
  private record Look(Map<Lease, Long> missing, long nextTicks) {}

  /**
   * @param patience the time after which an answer counts as lost
   */
  LostClaims(TimeSource time, Duration patience) {
    this.time = time;
    this.patience = patience;
  }

  /** Returns whether all leases of this worker should be read. */
  boolean isLookDue(NodeId node) {
    lock.lock();
    try {
      @Nullable Look last = looks.get(node);
      return last == null || time.ticks() - last.nextTicks >= 0;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Compares the leases that a worker lists with those that the store has for it.
   *
   * @param tookNanos how long the reading took
   * @return the leases whose claims were lost
   */
  List<Lease> lost(NodeId node, Set<Lease> listed, List<Lease> held, long tookNanos) {
    long now = time.ticks();
    lock.lock();
    try {
      @Nullable Look last = looks.get(node);
      Map<Lease, Long> before = last == null ? Map.of() : last.missing;
      Map<Lease, Long> missing = new HashMap<>();
      List<Lease> lost = new ArrayList<>();
      for (Lease lease : held) {
        if (listed.contains(lease)) {
          continue;
        }
        long first = before.getOrDefault(lease, now);
        if (now - first >= patience.toNanos()) {
          lost.add(lease);
        } else {
          missing.put(lease, first);
        }
      }
      looks.values().removeIf(look -> now - look.nextTicks > KEPT_NANOS); // who died said nothing
      looks.put(node, new Look(missing, now + REST * tookNanos));
      return lost;
    } finally {
      lock.unlock();
    }
  }

  void forget(NodeId node) {
    lock.lock();
    try {
      looks.remove(node);
    } finally {
      lock.unlock();
    }
  }
}
