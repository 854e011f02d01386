package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.OPERATE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;
import static dev.holdfast.server.route.Method.PUT;

import dev.holdfast.JobQueue;
import dev.holdfast.http.Fields;
import dev.holdfast.http.NewJobJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Routes for the concurrency limits of types. */
public final class LimitRoutes {
  private static final String PATH = "/api/v1/limits";
  private static final int BYTES_MAX = 64 << 10;

  private final JobQueue queue;

  /** Creates the routes to the limits of this queue. */
  public LimitRoutes(JobQueue queue) {
    this.queue = queue;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, PATH, this::list).needs(SEE),
        Route.of(PUT, PATH + "/{type}", this::put).needs(OPERATE).body(BYTES_MAX));
  }

  private Answer list(Call call) {
    return Answer.ok(Map.of("limits", new TreeMap<>(queue.queues().typeLimits())));
  }

  /** Sets a limit; null removes it. */
  private Answer put(Call call) {
    Fields fields = call.object();
    NewJobJson.checkFields("the body", fields.node(), Set.of("concurrency"));
    Optional<Integer> most =
        fields.any("concurrency").isNull()
            ? Optional.empty()
            : Optional.of(fields.count("concurrency"));
    queue.queues().limitType(call.variable("type"), most.orElse(null));
    return list(call);
  }
}
