package dev.holdfast.series;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Figures over time, of all jobs or those of one queue or type.
 *
 * @param queue the queue, {@link #OTHER}, or empty for all
 * @param type the type, {@link #OTHER}, or empty for all
 * @param total the figures of the whole range
 * @param points the figures of each step, oldest first; the first and last may be cut by the range
 */
public record Series(
    Optional<String> queue, Optional<String> type, Point total, List<Point> points) {
  /** The name for all queues or types beyond the limit of series. */
  public static final String OTHER = "other";

  /** The maximum number of series that are kept; the figures of others are added up as one. */
  public static final int SERIES_MAX = 500;

  /** The maximum number of series in one answer: those with the most jobs. */
  public static final int SHOWN_MAX = 20;

  /** Copies the points. */
  public Series {
    points = List.copyOf(points);
  }

  /**
   * The figures of a step.
   *
   * @param at its start
   * @param waited how long jobs that completed or failed were due before their last attempt
   * @param ran how long that attempt took
   * @param depth what waited and ran, where that was sampled
   */
  public record Point(
      Instant at,
      Counts counts,
      Optional<Times> waited,
      Optional<Times> ran,
      Optional<Depth> depth) {}

  /**
   * The number of changes of jobs.
   *
   * @param enqueued new jobs
   * @param completed jobs that completed
   * @param failed jobs that became dead letters
   * @param retried attempts that failed and are followed by another one
   * @param cancelled jobs that were cancelled
   * @param interrupted jobs that were set aside for review
   */
  public record Counts(
      long enqueued, long completed, long failed, long retried, long cancelled, long interrupted) {
    /** No jobs at all. */
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0);

    /** Returns the sum. */
    public Counts plus(Counts more) {
      return new Counts(
          enqueued + more.enqueued,
          completed + more.completed,
          failed + more.failed,
          retried + more.retried,
          cancelled + more.cancelled,
          interrupted + more.interrupted);
    }

    /** Returns the number of jobs that came or ended. */
    public long jobs() {
      return enqueued + completed + failed + cancelled + interrupted;
    }
  }

  /**
   * Percentiles of durations, each within 7 % of the true value.
   *
   * @param jobs the number of durations
   */
  public record Times(
      long jobs, Duration p50, Duration p90, Duration p95, Duration p99, Duration max) {}

  /**
   * The highest values within a step; counted once a minute.
   *
   * @param pending jobs that were due
   * @param running jobs that ran
   * @param oldest the time for which the oldest pending job had been due
   */
  public record Depth(long pending, long running, Duration oldest) {}
}
