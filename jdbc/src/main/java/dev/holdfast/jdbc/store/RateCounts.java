package dev.holdfast.jdbc.store;

import dev.holdfast.QueueSettings.Rate;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * How many jobs started of late, in slices of a twentieth of the period. Any stretch as long as the
 * period touches at most 21 slices, so no more than allowed start within it; the price is that a
 * start counts for up to a twentieth longer.
 */
final class RateCounts {
  private static final int SLICES = 20;

  private final long slice; // its length in microseconds
  private final int starts;
  private final long current;
  private final TreeMap<Long, Integer> counts = new TreeMap<>();

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

  /** What another period has counted is of other slices, and forgotten. */
  private void read(String stored) {
    String[] parts = stored.split(" ");
    if (Long.parseLong(parts[0]) != slice) {
      return;
    }
    for (int i = 1; i + 1 < parts.length; i += 2) {
      long number = Long.parseLong(parts[i]);
      if (number >= current - SLICES) {
        counts.put(number, Integer.parseInt(parts[i + 1]));
      }
    }
  }

  /** How many may start now. */
  int free() {
    return Math.max(0, starts - counts.values().stream().mapToInt(Integer::intValue).sum());
  }

  void add(int begun) {
    counts.merge(current, begun, Integer::sum);
  }

  /** When the next may start, in microseconds; only if none may now. */
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
