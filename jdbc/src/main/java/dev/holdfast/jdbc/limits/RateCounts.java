package dev.holdfast.jdbc.limits;

import dev.holdfast.QueueSettings.Rate;
import dev.holdfast.jdbc.sql.Micros;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Counts of recent starts, in slices of a twentieth of the period. Any interval as long as the
 * period touches at most 21 slices, so no more than allowed start within it; the cost is that a
 * start counts for up to a twentieth longer.
 */
final class RateCounts {
  private static final int SLICES = 20;

  private final long slice; // its length in microseconds
  private final int starts;
  private final long current;
  private final TreeMap<Long, Integer> counts = new TreeMap<>();
  private boolean isAhead;

  /**
   * @param stored as {@link #stored} wrote it; empty for none
   */
  RateCounts(Rate rate, String stored, long now) {
    this.slice = Math.max(1, Micros.of(rate.period()) / SLICES);
    this.starts = rate.starts();
    this.current = now / slice;
    if (!stored.isEmpty()) {
      read(stored);
    }
  }

  /**
   * Reads stored counts. Those of another period have other slices and are dropped. A slice in the
   * future was counted before the clock was set back: it counts from now, so for one more period.
   */
  private void read(String stored) {
    String[] parts = stored.split(" ", -1);
    if (Long.parseLong(parts[0]) != slice) {
      return;
    }
    for (int i = 1; i + 1 < parts.length; i += 2) {
      long number = Long.parseLong(parts[i]);
      if (number >= current - SLICES) {
        isAhead |= number > current;
        counts.merge(Math.min(number, current), Integer.parseInt(parts[i + 1]), Integer::sum);
      }
    }
  }

  /** Returns whether some were counted in the future: they must be stored again to end in time. */
  boolean isAhead() {
    return isAhead;
  }

  /** Returns how many may start now. */
  int free() {
    return Math.max(0, starts - counts.values().stream().mapToInt(Integer::intValue).sum());
  }

  void add(int begun) {
    counts.merge(current, begun, Integer::sum);
  }

  /** Returns when the next may start, in microseconds; only if none may now. */
  long freeAt() {
    return (counts.firstKey() + SLICES + 1) * slice;
  }

  String stored() {
    return slice
        + counts.entrySet().stream()
            .map(count -> " " + count.getKey() + " " + count.getValue())
            .collect(Collectors.joining());
  }
}
