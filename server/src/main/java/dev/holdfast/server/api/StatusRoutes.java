package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.NONE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;

import dev.holdfast.JobQueue;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Exchange;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.TimeSource;
import java.util.List;
import java.util.Map;

/** How the queue is, for people and for what watches over the process. */
public final class StatusRoutes {
  private final JobQueue queue;
  private final Rendering rendering;
  private final TimeSource time;

  /** The queue's, at the time of {@code time}. */
  public StatusRoutes(JobQueue queue, Rendering rendering, TimeSource time) {
    this.queue = queue;
    this.rendering = rendering;
    this.time = time;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, "/api/v1/status", this::status).needs(SEE),
        Route.of(GET, "/healthz", this::alive).needs(NONE),
        Route.of(GET, "/readyz", this::ready).needs(NONE));
  }

  private Answer status(Exchange exchange) {
    return Answer.ok(rendering.health(queue.status(), time.now()));
  }

  private Answer alive(Exchange exchange) {
    return Answer.ok(Map.of("status", "ok"));
  }

  /** Whether the database answers; if not, its problem is the answer. */
  private Answer ready(Exchange exchange) {
    var unused = queue.find(queue.newId());
    return Answer.ok(Map.of("status", "ready"));
  }
}
