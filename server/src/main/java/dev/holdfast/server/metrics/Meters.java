package dev.holdfast.server.metrics;

import dev.holdfast.Holdfast;
import dev.holdfast.micrometer.HoldfastMeters;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.util.List;
import java.util.Set;
import java.util.function.IntSupplier;

/**
 * Metrics of the queue, of its nodes and of this process. Those of queue and nodes are read from
 * the store at each request, so every server of the queue returns the same; the others count what
 * this process did since its start.
 */
public final class Meters {
  private static final int ROWS_MAX = 1_000;

  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final QueueMeters queue;
  private final NodeMeters nodes;

  /**
   * Creates the meters without reading anything.
   *
   * @param streams the number of open event streams
   */
  public Meters(Holdfast holdfast, IntSupplier streams) {
    this.queue = new QueueMeters(holdfast, registry);
    this.nodes = new NodeMeters(holdfast, registry);
    HoldfastMeters.bindJobs(holdfast, registry, Set.of());
    Gauge.builder("holdfast.event.streams", streams, IntSupplier::getAsInt)
        .description("Event streams that are open on this server")
        .strongReference(true)
        .register(registry);
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
  }

  /** Returns the current values in the Prometheus text format. */
  public synchronized String read() {
    queue.read();
    nodes.read();
    return registry.scrape();
  }

  static void fill(MultiGauge gauge, List<Row<?>> rows) {
    gauge.register(rows.subList(0, Math.min(rows.size(), ROWS_MAX)), true);
  }
}
