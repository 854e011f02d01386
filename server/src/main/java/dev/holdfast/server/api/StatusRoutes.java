package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.NONE;
import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;

import dev.holdfast.JobQueue;
import dev.holdfast.error.HoldfastException;
import dev.holdfast.http.Problem;
import dev.holdfast.http.ProblemType;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.TimeSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Routes for the health of the queue and of the process. */
public final class StatusRoutes {
  private static final Logger log = LoggerFactory.getLogger(StatusRoutes.class);

  private final JobQueue queue;
  private final Rendering rendering;
  private final TimeSource time;
  private final BooleanSupplier isStopping;
  private final Runnable checkReady;
  private final AtomicBoolean isReady = new AtomicBoolean(true); // as it was reported last

  /**
   * Creates the routes for this queue, with the clock {@code time}.
   *
   * @param isStopping whether the process has begun to shut down
   * @param checkReady throws what a write would fail with
   */
  public StatusRoutes(
      JobQueue queue,
      Rendering rendering,
      TimeSource time,
      BooleanSupplier isStopping,
      Runnable checkReady) {
    this.checkReady = checkReady;
    this.queue = queue;
    this.rendering = rendering;
    this.time = time;
    this.isStopping = isStopping;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, "/api/v1/status", this::status).needs(SEE),
        Route.of(GET, "/healthz", this::alive).needs(NONE),
        Route.of(GET, "/readyz", this::ready).needs(NONE));
  }

  private Answer status(Call call) {
    return Answer.ok(rendering.health(queue.status(), time.now()));
  }

  private Answer alive(Call call) {
    return Answer.ok(Map.of("status", "ok"));
  }

  /**
   * Responds whether new callers should use this server; if the database does not respond, with
   * that problem. Everybody may ask, and often: only a change is logged, and its reason stays in
   * the log.
   */
  private Answer ready(Call call) {
    if (isStopping.getAsBoolean()) {
      return Answer.of(
          Problem.of(ProblemType.STOPPING, "this server is stopping: send new requests elsewhere"));
    }
    try {
      checkReady.run();
      var unused = queue.find(queue.newId());
    } catch (HoldfastException failure) {
      if (isReady.getAndSet(false)) {
        log.warn("This server is not ready: {}", failure.getMessage());
      }
      return Answer.of(Problem.withoutDetails(failure));
    }
    if (!isReady.getAndSet(true)) {
      log.info("This server is ready again.");
    }
    return Answer.ok(Map.of("status", "ready"));
  }
}
