package dev.holdfast.server.metrics;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeId;
import dev.holdfast.Nodes;
import dev.holdfast.QueueStatus.Node;
import dev.holdfast.Vitals;
import dev.holdfast.Vitals.Counter;
import dev.holdfast.spi.TimeSource;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;

/** Gauges and counters of each node, as it reported them with its newest heartbeat. */
final class NodeMeters {
  private static final double MILLIS = 1e3;

  /** The attempts that a node counts, by the value of the label {@code outcome}. */
  private static final Map<String, Counter> ATTEMPTS =
      Map.of("acknowledged", Counter.ACKNOWLEDGED, "discarded", Counter.STALE);

  /** The jobs of dead nodes that a node recovered, by the value of the label {@code action}. */
  private static final Map<String, Counter> RECOVERED =
      Map.of(
          "resumed", Counter.RESUMED,
          "held", Counter.HELD,
          "failed", Counter.FAILED,
          "crash_loop", Counter.CRASH_LOOPS,
          "returned", Counter.RETURNED,
          "stuck", Counter.STUCK);

  private final Nodes nodes;
  private final TimeSource time;
  private final MeterRegistry registry;
  private final Map<MultiGauge, ToDoubleFunction<Node>> gauges = new LinkedHashMap<>();
  private final Map<NodeId, List<Meter>> counters = new HashMap<>();
  private volatile Map<NodeId, Vitals> newest = Map.of();

  NodeMeters(Holdfast holdfast, MeterRegistry registry) {
    this.nodes = holdfast.queue().nodes();
    this.time = holdfast.embedding().time();
    this.registry = registry;
    gauge("alive", "", "1 if the node is alive, 0 if not", node -> node.alive() ? 1 : 0);
    gauge("slots", "slots", "Handlers that may run at once", Node::concurrency);
    gauge("running", "handlers", "Handlers that run", node -> node.vitals().running());
    gauge("held", "jobs", "Jobs that the node has claimed", Node::held);
    gauge(
        "unresponsive",
        "handlers",
        "Handlers that were told to end and did not",
        node -> node.vitals().unresponsive());
    gauge(
        "failing",
        "duties",
        "Background duties whose newest turn failed",
        node -> node.vitals().duties().stream().filter(duty -> duty.failures() > 0).count());
    gauge("heartbeat.age", "seconds", "Time since the newest heartbeat", this::heartbeatAge);
    gauge(
        "recovery.delay.max",
        "seconds",
        "The longest time from a dead node's newest heartbeat until this node rescued its jobs",
        node -> node.vitals().count(Counter.NOTICED_MILLIS_MAX) / MILLIS);
  }

  private void gauge(String name, String unit, String description, ToDoubleFunction<Node> value) {
    gauges.put(
        MultiGauge.builder("holdfast.node." + name)
            .description(description)
            .baseUnit(unit.isEmpty() ? null : unit)
            .register(registry),
        value);
  }

  private double heartbeatAge(Node node) {
    return Math.max(0, QueueMeters.seconds(Duration.between(node.heartbeatAt(), time.now())));
  }

  /** Reads the current values from the store. */
  void read() {
    List<Node> all = nodes.list();
    gauges.forEach(
        (gauge, value) ->
            Meters.fill(
                gauge,
                all.stream()
                    .<Row<?>>map(node -> Row.of(tags(node), value.applyAsDouble(node)))
                    .toList()));
    newest = all.stream().collect(Collectors.toMap(Node::id, Node::vitals, (one, other) -> one));
    Set<NodeId> known = newest.keySet();
    counters
        .entrySet()
        .removeIf(
            entry -> {
              boolean isGone = !known.contains(entry.getKey());
              if (isGone) {
                entry.getValue().forEach(registry::remove);
              }
              return isGone;
            });
    all.forEach(node -> counters.computeIfAbsent(node.id(), first -> counters(node)));
  }

  private List<Meter> counters(Node node) {
    List<Meter> own = new ArrayList<>();
    ATTEMPTS.forEach(
        (outcome, counter) ->
            own.add(
                counter(node, "attempts", counter, tags(node).and("outcome", outcome))
                    .description("Attempts that ended on the node")
                    .register(registry)));
    RECOVERED.forEach(
        (action, counter) ->
            own.add(
                counter(node, "recovered", counter, tags(node).and("action", action))
                    .description("Jobs of others that the node recovered")
                    .register(registry)));
    return own;
  }

  private FunctionCounter.Builder<NodeMeters> counter(
      Node node, String name, Counter counter, Tags tags) {
    NodeId id = node.id();
    return FunctionCounter.builder(
            "holdfast.node." + name, this, meters -> meters.count(id, counter))
        .tags(tags);
  }

  private double count(NodeId node, Counter counter) {
    return newest.getOrDefault(node, Vitals.none()).count(counter);
  }

  private static Tags tags(Node node) {
    return Tags.of("node", node.id().toString(), "name", node.name());
  }
}
