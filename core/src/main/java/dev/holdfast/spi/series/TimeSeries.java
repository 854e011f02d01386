package dev.holdfast.spi.series;

import dev.holdfast.series.Series;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.spi.JobStore;
import java.time.Duration;
import java.util.List;

/**
 * The part of a {@link JobStore} that keeps how many jobs came and ended, minute by minute for two
 * days and hour by hour for thirty.
 *
 * <p>Each transaction that enqueues or ends jobs adds what it changed as rows of its own; {@link
 * #fold} adds those up. A job that is deleted stays counted; imported jobs are not.
 */
public interface TimeSeries {
  /** The maximum age of what is not added up yet, while a node lives. */
  Duration FOLD_INTERVAL = Duration.ofSeconds(5);

  /**
   * Adds up what transactions have added, counts once a minute what waits and runs, counts all jobs
   * now and then, and removes what is too old, a limited amount of each. All nodes may call it; one
   * of them does the work.
   *
   * @return how long to wait until the next call
   */
  Duration fold();

  /** Returns the figures of a range, what is not added up yet excluded. */
  List<Series> read(SeriesQuery query);

  /**
   * Returns the sums of the last minutes by queue and type, what is not added up yet excluded.
   *
   * @param minutes the number of whole minutes; the current one comes on top
   */
  Recent recent(int minutes);
}
