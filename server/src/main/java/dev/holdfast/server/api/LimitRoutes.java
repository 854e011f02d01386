package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.OPERATE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.PUT;

import dev.holdfast.JobQueue;
import dev.holdfast.http.Fields;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Exchange;
import dev.holdfast.server.route.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** How many jobs of a type run at once on all nodes together. */
public final class LimitRoutes {
  private static final String PATH = "/api/v1/limits";
  private static final int BYTES_MAX = 64 << 10;

  private final JobQueue queue;

  /** Of this queue. */
  public LimitRoutes(JobQueue queue) {
    this.queue = queue;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, PATH, this::list).needs(SEE),
        Route.of(PUT, PATH + "/{type}", this::put).needs(OPERATE).body(BYTES_MAX));
  }

  private Answer list(Exchange exchange) {
    return Answer.ok(Map.of("limits", new TreeMap<>(queue.typeLimits())));
  }

  /** Null is no limit. */
  private Answer put(Exchange exchange) {
    Fields fields = exchange.object();
    NewJobJson.checkFields("the body", fields.node(), Set.of("concurrency"));
    Optional<Integer> most =
        fields.any("concurrency").isNull()
            ? Optional.empty()
            : Optional.of(fields.count("concurrency"));
    queue.limitType(exchange.variable("type"), most);
    return list(exchange);
  }
}
