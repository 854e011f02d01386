package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.http.StatsJson;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Exchange;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.Insights;
import java.time.Duration;
import java.util.List;

/** How the queue does. */
public final class StatsRoutes {
  private static final String PATH = "/api/v1/stats";
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int BUCKETS = 60;
  private static final int BUCKETS_MAX = 1_000;

  private final Insights insights;

  /** What these tell. */
  public StatsRoutes(Insights insights) {
    this.insights = insights;
  }

  /** The routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, PATH, this::stats).needs(SEE).query("window"),
        Route.of(GET, PATH + "/throughput", this::throughput).needs(SEE).query("window", "bucket"),
        Route.of(GET, PATH + "/percentiles", this::percentiles).needs(SEE).query("window"));
  }

  private static Duration window(Exchange exchange) {
    return exchange.query().duration("window", SECOND, Insights.WINDOW_MAX).orElse(HOUR);
  }

  private Answer stats(Exchange exchange) {
    return Answer.ok(StatsJson.of(insights.depths(), insights.ends(window(exchange))));
  }

  private Answer throughput(Exchange exchange) {
    Duration window = window(exchange);
    Duration least = window.dividedBy(BUCKETS_MAX);
    Duration bucket =
        exchange
            .query()
            .duration("bucket", Duration.ofMillis(1), window)
            .orElseGet(() -> window.dividedBy(BUCKETS));
    if (bucket.compareTo(least) < 0) {
      throw new InvalidRequestException(
          "the parameter 'bucket' makes more than %,d buckets: give a longer one, or a shorter window"
              .formatted(BUCKETS_MAX));
    }
    return Answer.ok(StatsJson.of(insights.throughput(window, bucket)));
  }

  private Answer percentiles(Exchange exchange) {
    return Answer.ok(StatsJson.of(insights.runTimes(window(exchange))));
  }
}
