package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.OPERATE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobQueue;
import dev.holdfast.NodeId;
import dev.holdfast.NodeOrder;
import dev.holdfast.NotFoundException;
import dev.holdfast.Printable;
import dev.holdfast.http.HealthJson;
import dev.holdfast.http.WorkerJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Exchange;
import dev.holdfast.server.route.Handler;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.TimeSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Who serves the queue. A node is a process, as its heartbeats tell of it. Its worker is what runs
 * jobs there: queues, types, and slots. A node without handlers has none.
 */
public final class NodeRoutes {
  private static final String NODES = "/api/v1/nodes";
  private static final String ONE = NODES + "/{id}";

  private final JobQueue queue;
  private final Insights insights;
  private final TimeSource time;

  /** The nodes of {@code queue}, at the time of {@code time}. */
  public NodeRoutes(JobQueue queue, Insights insights, TimeSource time) {
    this.queue = queue;
    this.insights = insights;
    this.time = time;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, NODES, this::nodes).needs(SEE),
        Route.of(GET, "/api/v1/workers", this::workers).needs(SEE),
        Route.of(POST, ONE + "/quiet", telling(NodeOrder.DRAIN)).needs(OPERATE),
        Route.of(POST, ONE + "/start", telling(NodeOrder.RUN)).needs(OPERATE),
        Route.of(POST, ONE + "/stop", telling(NodeOrder.STOP)).needs(OPERATE));
  }

  private Answer nodes(Exchange exchange) {
    HealthJson json = new HealthJson(time.now());
    return Answer.ok(Map.of("nodes", insights.nodes().stream().map(json::of).toList()));
  }

  private Answer workers(Exchange exchange) {
    return Answer.ok(
        Map.of(
            "workers",
            insights.nodes().stream()
                .filter(node -> !node.types().isEmpty())
                .map(WorkerJson::of)
                .toList()));
  }

  private Handler telling(NodeOrder order) {
    return exchange -> {
      NodeId id = id(exchange.variable("id"));
      if (queue.order(order, List.of(id)).isEmpty()) {
        throw new NotFoundException("there is no node %s".formatted(id));
      }
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("id", id.toString());
      fields.put("order", order.name().toLowerCase(Locale.ROOT));
      return Answer.json(202, fields);
    };
  }

  private static NodeId id(String text) {
    try {
      return new NodeId(UUID.fromString(text));
    } catch (IllegalArgumentException malformed) {
      throw new InvalidRequestException(
          "%s is no node's id: expected 32 hexadecimal digits with hyphens"
              .formatted(Printable.quoted(text)),
          malformed);
    }
  }
}
