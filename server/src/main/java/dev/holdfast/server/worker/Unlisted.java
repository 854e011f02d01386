package dev.holdfast.server.worker;

import dev.holdfast.Lease;
import dev.holdfast.NodeId;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Leases that the store knows and their worker does not tell of. Where that lasts, the answer to
 * its claim was lost on the way: nobody will ever run the job under this lease.
 */
final class Unlisted {
  private final TimeSource time;
  private final Duration patience;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<NodeId, Map<Lease, Long>> since = new HashMap<>(); // guarded by lock

  /**
   * @param patience for so long an answer may be on its way
   */
  Unlisted(TimeSource time, Duration patience) {
    this.time = time;
    this.patience = patience;
  }

  /** Compares what a worker tells of with what it holds. @return what was lost on its way */
  List<Lease> lost(NodeId node, Set<Lease> listed, List<Lease> held) {
    long now = time.ticks();
    lock.lock();
    try {
      Map<Lease, Long> before = since.getOrDefault(node, Map.of());
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
      if (missing.isEmpty()) {
        since.remove(node);
      } else {
        since.put(node, missing);
      }
      return lost;
    } finally {
      lock.unlock();
    }
  }

  void forget(NodeId node) {
    lock.lock();
    try {
      since.remove(node);
    } finally {
      lock.unlock();
    }
  }
}
