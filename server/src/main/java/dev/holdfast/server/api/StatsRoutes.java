package dev.holdfast.server.api;

import static dev.holdfast.server.access.Permission.SEE;
import static dev.holdfast.server.route.Method.GET;

import dev.holdfast.Metrics;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.StatsJson;
import dev.holdfast.http.wire.SeriesJson;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.series.SeriesQuery.By;
import dev.holdfast.server.route.Answer;
import dev.holdfast.server.route.Call;
import dev.holdfast.server.route.Route;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Routes for statistics. */
public final class StatsRoutes {
  private static final String PATH = "/api/v1/stats";
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final Duration HOUR = Duration.ofHours(1);
  private static final int BUCKETS = 60;
  private static final int BUCKETS_MAX = 1_000;

  private final Insights insights;
  private final Metrics metrics;
  private final TimeSource time;

  /** Creates the routes to these insights and figures. */
  public StatsRoutes(Insights insights, Metrics metrics, TimeSource time) {
    this.insights = insights;
    this.metrics = metrics;
    this.time = time;
  }

  /** Returns the routes. */
  public List<Route> routes() {
    return List.of(
        Route.of(GET, PATH, this::stats).needs(SEE).query("window"),
        Route.of(GET, PATH + "/throughput", this::throughput).needs(SEE).query("window", "bucket"),
        Route.of(GET, PATH + "/percentiles", this::percentiles).needs(SEE).query("window"),
        Route.of(GET, PATH + "/series", this::series)
            .needs(SEE)
            .query("from", "to", "step", "queue", "type", "by"));
  }

  private static Duration window(Call call) {
    return call.query().duration("window", SECOND, Insights.WINDOW_MAX).orElse(HOUR);
  }

  private Answer stats(Call call) {
    return Answer.ok(StatsJson.of(insights.depths(), insights.ends(window(call))));
  }

  private Answer throughput(Call call) {
    Duration window = window(call);
    Duration least = window.dividedBy(BUCKETS_MAX);
    Duration bucket =
        call.query()
            .duration("bucket", Duration.ofMillis(1), window)
            .orElseGet(() -> window.dividedBy(BUCKETS));
    if (bucket.compareTo(least) < 0) {
      throw new InvalidRequestException(
          "the parameter 'bucket' results in more than %,d buckets: use a longer one, or a shorter window"
              .formatted(BUCKETS_MAX));
    }
    return Answer.ok(StatsJson.of(insights.throughput(window, bucket)));
  }

  private Answer series(Call call) {
    Instant now = time.now();
    Instant to = call.query().instant("to").orElse(now);
    Instant from = call.query().instant("from").orElse(to.minus(HOUR));
    SeriesQuery query = SeriesQuery.between(from, to, now);
    Optional<Duration> step = call.query().duration("step", MINUTE, SeriesQuery.HOURS_KEPT);
    if (step.isPresent()) {
      query = query.every(step.get());
    }
    Optional<String> queue = call.query().text("queue");
    if (queue.isPresent()) {
      query = query.queue(queue.get());
    }
    Optional<String> type = call.query().text("type");
    if (type.isPresent()) {
      query = query.type(type.get());
    }
    query = query.by(call.query().word("by", By.class).orElse(By.NOTHING));
    return Answer.ok(SeriesJson.of(query, metrics.series(query)));
  }

  private Answer percentiles(Call call) {
    return Answer.ok(StatsJson.of(insights.runTimes(window(call))));
  }
}
