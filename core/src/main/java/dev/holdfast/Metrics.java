package dev.holdfast;

import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.series.Series;
import dev.holdfast.series.SeriesQuery;
import java.util.List;
import java.util.Optional;

/** The figures of a queue over time, and its recoveries. */
public interface Metrics {

  /**
   * Returns how many jobs came and ended, how long they waited and ran, and what waited, step by
   * step. New figures appear within some seconds, while a node lives.
   *
   * @return one series, or the {@link Series#SHOWN_MAX} with the most jobs if the query splits them
   * @throws InvalidRequestException if the range begins before what is kept
   */
  List<Series> series(SeriesQuery query);

  /**
   * Returns recoveries, the newest first.
   *
   * @param before only those with a smaller number; empty for the newest
   * @param limit the maximum number, 1 to {@link Limits#PAGE_MAX}
   */
  List<RecoveryRecord> recoveries(Optional<Long> before, int limit);
}
