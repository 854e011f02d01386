package dev.holdfast.server.api;

import dev.holdfast.Finding;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.Insights.Depth;
import dev.holdfast.spi.Insights.Depths;
import dev.holdfast.spi.Insights.Ends;
import dev.holdfast.spi.Insights.RunTimes;
import dev.holdfast.spi.TimeSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.IntSupplier;

/**
 * Metrics of the queue. They are read from the store at each request and cover the whole queue:
 * every server of it returns the same, in addition to the metrics of its own process.
 */
public final class Meters {
  private static final Duration WINDOW = Duration.ofMinutes(5);
  private static final int ROWS_MAX = 1_000;

  private final Insights insights;
  private final JobQueue queue;
  private final TimeSource time;
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final MultiGauge jobs =
      gauge("holdfast.jobs", "Jobs that have not completed; each state up to 100,000");
  private final MultiGauge oldest =
      gauge("holdfast.oldest.pending.seconds", "Time that the oldest due PENDING job has been due");
  private final MultiGauge ended =
      gauge("holdfast.ended.per.second", "Jobs that ended, over the last 5 minutes");
  private final MultiGauge runs =
      gauge("holdfast.run.seconds", "Duration of attempts that ended in the last 5 minutes");
  private final MultiGauge nodes = gauge("holdfast.node", "Facts that a node reports about itself");
  private final MultiGauge counts =
      gauge("holdfast.node.counts", "Counters of a node since its start");
  private final MultiGauge problems =
      gauge("holdfast.problems", "Problems that 'holdfast status' lists, by kind");
  private final MultiGauge lost =
      gauge("holdfast.nodes.lost", "Nodes that were found dead in the last day");
  private final MultiGauge recovered =
      gauge("holdfast.jobs.recovered", "Jobs that were taken over from dead nodes in the last day");

  /**
   * Creates the meters without reading anything.
   *
   * @param streams the number of open event streams
   */
  public Meters(Insights insights, JobQueue queue, IntSupplier streams, TimeSource time) {
    this.insights = insights;
    this.queue = queue;
    this.time = time;
    Gauge.builder("holdfast.event.streams", streams, IntSupplier::getAsInt)
        .description("Event streams that are open on this server")
        .strongReference(true)
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
  }

  private MultiGauge gauge(String name, String description) {
    return MultiGauge.builder(name).description(description).register(registry);
  }

  /** Returns the current values in the Prometheus text format. */
  synchronized String read() {
    Depths depths = insights.depths();
    fill(jobs, depths.counts().stream().map(Meters::jobs).toList());
    fill(oldest, oldest(depths));
    fill(ended, ended(insights.ends(WINDOW)));
    fill(runs, runs(insights.runTimes(WINDOW)));
    QueueStatus status = queue.status();
    fill(nodes, status.nodes().stream().flatMap(node -> facts(node).stream()).toList());
    fill(counts, status.nodes().stream().flatMap(node -> counts(node).stream()).toList());
    fill(problems, problems(status.problems()));
    fill(lost, List.of(Row.of(Tags.empty(), status.recent().recoveries())));
    fill(recovered, List.of(Row.of(Tags.empty(), status.recent().recoveredJobs())));
    return registry.scrape();
  }

  private static void fill(MultiGauge gauge, List<Row<?>> rows) {
    gauge.register(rows.subList(0, Math.min(rows.size(), ROWS_MAX)), true);
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

  private List<Row<?>> facts(QueueStatus.Node node) {
    return List.of(
        fact(node, "alive", node.alive() ? 1 : 0),
        fact(node, "slots", node.concurrency()),
        fact(node, "running", node.vitals().running()),
        fact(node, "held", node.held()),
        fact(node, "unresponsive", node.vitals().unresponsive()),
        fact(node, "degraded", node.vitals().isDegraded() ? 1 : 0),
        fact(
            node,
            "heartbeat_age_seconds",
            Math.max(0, seconds(Duration.between(node.heartbeatAt(), time.now())))));
  }

  private static Row<?> fact(QueueStatus.Node node, String name, Number value) {
    return Row.of(of(node).and("fact", name), value);
  }

  private static List<Row<?>> counts(QueueStatus.Node node) {
    return node.vitals().counts().entrySet().stream()
        .<Row<?>>map(count -> Row.of(of(node).and("count", count.getKey()), count.getValue()))
        .toList();
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

  private static Tags of(QueueStatus.Node node) {
    return Tags.of("node", node.id().toString(), "name", node.name());
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
