package dev.holdfast.postgres;

import dev.holdfast.spi.Claimed;
import java.util.List;

/**
 * Limits the size of a claim: a node keeps all claimed payloads in memory. A statement cannot stop
 * at a size, so the largest payload of the previous one determines how many jobs the next may take.
 */
final class PayloadSizes {
  private static final int CHARS = 8 << 20;
  private static final int FIRST_MAX = 200;
  private static final int GROWTH = 4;

  private volatile int most = FIRST_MAX;

  /** Returns how many jobs one statement may take. */
  int atMost(int limit) {
    return Math.min(limit, most);
  }

  /** Returns the budget of one claim. */
  Budget budget() {
    return new Budget();
  }

  /** The sizes of one claim. */
  final class Budget {
    private long left = CHARS;

    boolean isSpent() {
      return left <= 0;
    }

    void spend(List<Claimed> jobs) {
      int largest = 1;
      for (Claimed job : jobs) {
        int size = job.payload().length();
        largest = Math.max(largest, size);
        left -= size;
      }
      if (!jobs.isEmpty()) {
        most = Math.max(1, Math.min(CHARS / largest, most * GROWTH));
      }
    }
  }
}
