package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.NONE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;

import dev.holdfast.JobQueue;
import dev.holdfast.http.Problem;
import dev.holdfast.http.ProblemType;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Exchange;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;

/** How the queue is, for people and for what watches over the process. */
public final class StatusRoutes {
  private final JobQueue queue;
  private final Rendering rendering;
  private final TimeSource time;
  private final BooleanSupplier isStopping;

  /**
   * The queue's, at the time of {@code time}.
   *
   * @param isStopping whether the process has begun to end
   */
  public StatusRoutes(
      JobQueue queue, Rendering rendering, TimeSource time, BooleanSupplier isStopping) {
    this.queue = queue;
    this.rendering = rendering;
    this.time = time;
    this.isStopping = isStopping;
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

  /** Whether new callers should come here; if the database does not answer, that is the answer. */
  private Answer ready(Exchange exchange) {
    if (isStopping.getAsBoolean()) {
      return Answer.of(
          Problem.of(ProblemType.STOPPING, "this server is stopping: send new requests elsewhere"));
    }
    var unused = queue.find(queue.newId());
    return Answer.ok(Map.of("status", "ready"));
  }
}
