package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.holdfast.server.metrics.Meters;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/** The route that Prometheus scrapes. */
public final class MetricsRoutes {
  private static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

  private final Meters meters;

  /** Creates the route to these meters. */
  public MetricsRoutes(Meters meters) {
    this.meters = meters;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(Route.of(GET, "/metrics", this::metrics).needs(SEE));
  }

  private Answer metrics(Call call) {
    ByteBuffer text = ByteBuffer.wrap(meters.read().getBytes(UTF_8));
    return new Answer.Now(200, TEXT, text, Map.of());
  }
}
