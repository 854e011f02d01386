package dev.holdfast.engine.queue;

import dev.holdfast.Metrics;
import dev.holdfast.RecoveryRecord;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.series.Series;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.spi.JobStore;
import java.util.List;
import java.util.Optional;

/** The figures over time of a store, and its recoveries. */
final class StoreMetrics implements Metrics {
  private final JobStore store;

  StoreMetrics(JobStore store) {
    this.store = store;
  }

  @Override
  public List<Series> series(SeriesQuery query) {
    return store.insights().timeSeries().read(query);
  }

  @Override
  public List<RecoveryRecord> recoveries(Optional<Long> before, int limit) {
    if (limit < 1 || limit > Limits.PAGE_MAX) {
      throw new InvalidRequestException(
          "limit must be 1 to %d, was %d".formatted(Limits.PAGE_MAX, limit));
    }
    return store.recovery().recoveries(before, limit);
  }
}
