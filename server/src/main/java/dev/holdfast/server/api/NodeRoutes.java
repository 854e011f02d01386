package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.OPERATE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.POST;

import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.Nodes;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.WorkerJson;
import dev.holdfast.http.wire.NodeJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Handler;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.TimeSource;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;

/**
 * Routes for nodes and workers. A node is a process, as its heartbeats describe it. Its worker runs
 * jobs there and has queues, types and slots. A node without handlers has no worker.
 */
public final class NodeRoutes {
  private static final String NODES = "/api/v1/nodes";
  private static final String ONE = NODES + "/{id}";

  private final Nodes nodes;
  private final TimeSource time;

  /** Creates the routes to {@code nodes}, with the clock {@code time}. */
  public NodeRoutes(Nodes nodes, TimeSource time) {
    this.nodes = nodes;
    this.time = time;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, NODES, this::nodes).needs(SEE),
        Route.of(GET, "/api/v1/workers", this::workers).needs(SEE),
        Route.of(POST, ONE + "/quiet", telling(NodeCommand.DRAIN)).needs(OPERATE),
        Route.of(POST, ONE + "/start", telling(NodeCommand.RUN)).needs(OPERATE),
        Route.of(POST, ONE + "/stop", telling(NodeCommand.STOP)).needs(OPERATE));
  }

  private Answer nodes(Call call) {
    Instant now = time.now();
    return Answer.ok(
        Map.of("nodes", nodes.list().stream().map(node -> NodeJson.of(node, now)).toList()));
  }

  private Answer workers(Call call) {
    return Answer.ok(
        Map.of(
            "workers",
            nodes.list().stream()
                .filter(node -> !node.types().isEmpty())
                .map(WorkerJson::of)
                .toList()));
  }

  private Handler telling(NodeCommand command) {
    return call -> {
      NodeId id = id(call.variable("id"));
      if (nodes.command(command, List.of(id)).isEmpty()) {
        throw new NotFoundException("there is no node %s".formatted(id));
      }
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("id", id.toString());
      fields.put("order", command.name().toLowerCase(Locale.ROOT));
      return Answer.json(202, fields);
    };
  }

  private static NodeId id(String text) {
    try {
      return new NodeId(UUID.fromString(text));
    } catch (IllegalArgumentException malformed) {
      throw new InvalidRequestException(
          "invalid node id %s: expected 32 hexadecimal digits with hyphens"
              .formatted(Printable.quoted(text)),
          malformed);
    }
  }
}
