package dev.holdfast.spi.series;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/**
 * The sums of the last minutes.
 *
 * @param since the start of the first minute
 * @param until the store's current time
 * @param sums the sum of each series, those over all queues or types included
 */
public record Recent(Instant since, Instant until, Map<SeriesKey, Sample> sums) {
  /** Copies the map. */
  public Recent {
    sums = Map.copyOf(sums);
  }

  /** Adds up stored minutes. */
  public static final class Builder {
    private final Map<SeriesKey, Sample> sums = new HashMap<>();

    /** Adds a minute of a series. */
    public void add(SeriesKey key, Sample sample) {
      sums.computeIfAbsent(key, none -> new Sample()).add(sample);
    }

    /** Returns the sums. */
    public Recent build(Instant since, Instant until) {
      return new Recent(since, until, sums);
    }
  }
}
