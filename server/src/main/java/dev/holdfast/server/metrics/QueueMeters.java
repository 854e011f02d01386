package dev.holdfast.server.metrics;

import dev.holdfast.Finding;
import dev.holdfast.Holdfast;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.Insights.Depth;
import dev.holdfast.spi.Insights.Depths;
import dev.holdfast.spi.Insights.Ends;
import dev.holdfast.spi.Insights.RunTimes;
import dev.holdfast.spi.TimeSource;
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
  private static final Duration WINDOW = Duration.ofMinutes(5);

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
            .description("Jobs that ended, over the last 5 minutes")
            .register(registry);
    this.runs =
        MultiGauge.builder("holdfast.queue.run")
            .description("Duration of attempts that ended in the last 5 minutes")
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
    Meters.fill(ended, ended(insights.ends(WINDOW)));
    Meters.fill(runs, runs(insights.runTimes(WINDOW)));
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

  private static List<Row<?>> ended(Ends ends) {
    double length = seconds(Duration.between(ends.window().since(), ends.window().until()));
    return ends.counts().stream()
        .<Row<?>>map(
            end ->
                Row.of(
                    Tags.of("state", lower(end.state()), "queue", end.queue(), "type", end.type()),
                    end.jobs() / length))
        .toList();
  }

  private static List<Row<?>> runs(RunTimes times) {
    List<Row<?>> rows = new ArrayList<>();
    for (Insights.OfType type : times.types()) {
      rows.add(run(type.type(), "0.5", type.p50()));
      rows.add(run(type.type(), "0.9", type.p90()));
      rows.add(run(type.type(), "0.95", type.p95()));
      rows.add(run(type.type(), "0.99", type.p99()));
    }
    return rows;
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
