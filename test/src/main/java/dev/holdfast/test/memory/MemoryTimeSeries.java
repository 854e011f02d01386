package dev.holdfast.test.memory;

import dev.holdfast.JobState;
import dev.holdfast.series.Series;
import dev.holdfast.series.Series.Depth;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.spi.series.Recent;
import dev.holdfast.spi.series.SeriesAssembly;
import dev.holdfast.spi.series.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The figures over time of a memory store. */
final class MemoryTimeSeries implements TimeSeries {
  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryTimeSeries(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public Duration fold() {
    return store.locked(
        (now, signals) -> {
          if (tables.samples.isDepthDue(now)) {
            tables.samples.add(depths(now), now);
          }
          return FOLD_INTERVAL;
        });
  }

  private Map<String, Depth> depths(Instant now) {
    Map<String, Depth> depths = new HashMap<>();
    depths.put(SeriesAssembly.ALL, new Depth(0, 0, Duration.ZERO));
    for (MemoryRow row : tables.rows.values()) {
      if (row.state() == JobState.PENDING) {
        add(depths, row.queue(), new Depth(1, 0, Duration.between(row.runAt(), now)));
      } else if (row.state() == JobState.RUNNING) {
        add(depths, row.queue(), new Depth(0, 1, Duration.ZERO));
      }
    }
    return depths;
  }

  private static void add(Map<String, Depth> depths, String queue, Depth more) {
    for (String name : List.of(queue, SeriesAssembly.ALL)) {
      depths.merge(
          name,
          more,
          (one, other) ->
              new Depth(
                  one.pending() + other.pending(),
                  one.running() + other.running(),
                  SeriesAssembly.highest(one, other).oldest()));
    }
  }

  @Override
  public List<Series> read(SeriesQuery query) {
    return store.locked(
        (now, signals) -> {
          SeriesAssembly assembly = new SeriesAssembly(query, now);
          tables.samples.read(query, assembly);
          return assembly.assemble();
        });
  }

  @Override
  public Recent recent(int minutes) {
    return store.locked((now, signals) -> tables.samples.recent(minutes, now));
  }
}
