package dev.holdfast.server.metrics;

import dev.holdfast.Finding;
import dev.holdfast.Holdfast;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.series.Series.Counts;
import dev.holdfast.series.Series.Times;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.Insights.Depth;
import dev.holdfast.spi.Insights.Depths;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.series.Recent;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Gauges of the whole queue. */
final class QueueMeters {
  private static final int RECENT_MINUTES = 5;

  private final JobQueue queue;
  private final Insights insights;
  private final TimeSource time;
  private final MultiGauge jobs;
  private final MultiGauge oldest;
  private final MultiGauge ended;
  private final MultiGauge runs;
  private final MultiGauge problems;
  private final MultiGauge lost;
  private final MultiGauge recovered;

  QueueMeters(Holdfast holdfast, MeterRegistry registry) {
    this.queue = holdfast.queue();
    this.insights = holdfast.embedding().store().insights();
    this.time = holdfast.embedding().time();
    this.jobs =
        MultiGauge.builder("holdfast.queue.jobs")
            .description("Jobs that have not completed; each state up to 100,000")
            .baseUnit("jobs")
            .register(registry);
    this.oldest =
        MultiGauge.builder("holdfast.queue.oldest")
            .description("How long the runnable job has been due that is due longest")
            .baseUnit("seconds")
            .register(registry);
    this.ended =
        MultiGauge.builder("holdfast.queue.ended.per.second")
            .description("Jobs that ended, over the last 5 whole minutes and the current one")
            .register(registry);
    this.runs =
        MultiGauge.builder("holdfast.queue.run")
            .description("Duration of last attempts, over the same time")
            .baseUnit("seconds")
            .register(registry);
    this.problems =
        MultiGauge.builder("holdfast.queue.problems")
            .description("Problems that 'holdfast status' lists, by kind")
            .baseUnit("problems")
            .register(registry);
    this.lost =
        MultiGauge.builder("holdfast.queue.lost")
            .description("Nodes that were found dead in the last day")
            .baseUnit("nodes")
            .register(registry);
    this.recovered =
        MultiGauge.builder("holdfast.queue.recovered")
            .description("Jobs that were taken over from dead nodes in the last day")
            .baseUnit("jobs")
            .register(registry);
  }

  /** Reads the current values from the store. */
  void read() {
    Depths depths = insights.depths();
    Meters.fill(jobs, depths.counts().stream().map(QueueMeters::jobs).toList());
    Meters.fill(oldest, oldest(depths));
    Recent recent = insights.timeSeries().recent(RECENT_MINUTES);
    Meters.fill(ended, ended(recent));
    Meters.fill(runs, runs(recent));
    QueueStatus status = queue.status();
    Meters.fill(problems, problems(status.problems()));
    Meters.fill(lost, List.of(Row.of(Tags.empty(), status.recent().recoveries())));
    Meters.fill(recovered, List.of(Row.of(Tags.empty(), status.recent().recoveredJobs())));
  }

  private static Row<?> jobs(Depth depth) {
    return Row.of(
        Tags.of("state", lower(depth.state()), "queue", depth.queue(), "type", depth.type()),
        depth.jobs());
  }

  private static String lower(JobState state) {
    return state.name().toLowerCase(Locale.ROOT);
  }

  private List<Row<?>> oldest(Depths depths) {
    Instant now = time.now();
    return depths.counts().stream()
        .filter(depth -> depth.state() == JobState.PENDING)
        .<Row<?>>map(
            depth ->
                Row.of(
                    Tags.of("queue", depth.queue(), "type", depth.type()),
                    Math.max(0, seconds(Duration.between(depth.oldest(), now)))))
        .toList();
  }

  private static List<Row<?>> ended(Recent recent) {
    double length = seconds(Duration.between(recent.since(), recent.until()));
    List<Row<?>> rows = new ArrayList<>();
    recent
        .sums()
        .forEach(
            (key, sum) -> {
              if (!key.isSum()) {
                Tags tags = Tags.of("queue", key.queueName(), "type", key.typeName());
                Counts counts = sum.counts();
                addRate(rows, tags.and("state", "completed"), counts.completed() / length);
                addRate(rows, tags.and("state", "failed"), counts.failed() / length);
                addRate(rows, tags.and("state", "cancelled"), counts.cancelled() / length);
              }
            });
    return rows;
  }

  private static void addRate(List<Row<?>> rows, Tags tags, double rate) {
    if (rate > 0) {
      rows.add(Row.of(tags, rate));
    }
  }

  private static List<Row<?>> runs(Recent recent) {
    List<Row<?>> rows = new ArrayList<>();
    recent
        .sums()
        .forEach(
            (key, sum) -> {
              if (key.isOfType()) {
                sum.runs().times().ifPresent(times -> addRuns(rows, key.typeName(), times));
              }
            });
    return rows;
  }

  private static void addRuns(List<Row<?>> rows, String type, Times times) {
    rows.add(run(type, "0.5", times.p50()));
    rows.add(run(type, "0.9", times.p90()));
    rows.add(run(type, "0.95", times.p95()));
    rows.add(run(type, "0.99", times.p99()));
  }

  private static Row<?> run(String type, String quantile, Duration took) {
    return Row.of(Tags.of("type", type, "quantile", quantile), seconds(took));
  }

  private static List<Row<?>> problems(List<Finding> findings) {
    Map<Tags, Long> found = new LinkedHashMap<>();
    for (Finding finding : findings) {
      String severity = finding.gravity().name().toLowerCase(Locale.ROOT);
      found.merge(Tags.of("problem", finding.code(), "severity", severity), 1L, Long::sum);
    }
    return found.entrySet().stream()
        .<Row<?>>map(problem -> Row.of(problem.getKey(), problem.getValue()))
        .toList();
  }

  static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
