package dev.holdfast.cli.top;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.PageRequest;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueSummary;
import dev.holdfast.search.JobOrder;
import dev.holdfast.series.Series;
import dev.holdfast.series.Series.Point;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.series.SeriesQuery.By;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A queue at one instant, with its last quarter of an hour.
 *
 * @param at when it was read
 * @param status its health
 * @param queues its queues
 * @param series the figures of the busiest queues, by queue and minute
 * @param running jobs that run, at most 100
 * @param failed the newest dead letters, at most 100
 */
record Snapshot(
    Instant at,
    QueueStatus status,
    List<QueueSummary> queues,
    Map<String, Series> series,
    List<Job> running,
    List<Job> failed) {
  private static final Duration PAST = Duration.ofMinutes(15);
  private static final int JOBS_MAX = 100;

  /** The newest minutes, of which the rate is the average. */
  private static final int RATE_POINTS = 5;

  static Snapshot read(JobQueue queue, TimeSource time) {
    Instant now = time.now();
    SeriesQuery past = SeriesQuery.between(now.minus(PAST), now, now).by(By.QUEUE);
    return new Snapshot(
        now,
        queue.status(),
        queue.queues().list(),
        queue.metrics().series(past).stream()
            .filter(one -> one.queue().isPresent())
            .collect(Collectors.toMap(one -> one.queue().orElseThrow(), one -> one)),
        newest(queue, JobFilter.in(JobState.RUNNING)),
        newest(queue, JobFilter.in(JobState.FAILED).sortedBy(JobOrder.FINISHED)));
  }

  private static List<Job> newest(JobQueue queue, JobFilter filter) {
    return queue.list(filter, PageRequest.first(JOBS_MAX)).items();
  }

  /** Returns the jobs of a queue that ended in each of the last minutes, oldest first. */
  List<Long> ended(String queue) {
    Series found = series.get(queue);
    return found == null ? List.of() : found.points().stream().map(Snapshot::ended).toList();
  }

  /** Returns the jobs of a queue that ended a minute, on average over the last five. */
  double perMinute(String queue) {
    Series found = series.get(queue);
    if (found == null || found.points().isEmpty()) {
      return 0;
    }
    List<Point> all = found.points();
    List<Point> last = all.subList(Math.max(0, all.size() - RATE_POINTS), all.size());
    double minutes = Duration.between(last.get(0).at(), at).toMillis() / 60_000.0;
    long jobs = last.stream().mapToLong(Snapshot::ended).sum();
    return minutes <= 0 ? 0 : jobs / minutes;
  }

  private static long ended(Point point) {
    return point.counts().completed() + point.counts().failed();
  }
}
