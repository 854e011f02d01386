package dev.holdfast.http.client;

import dev.holdfast.Metrics;
import dev.holdfast.NodeId;
import dev.holdfast.RecoveryRecord;
import dev.holdfast.check.Durations;
import dev.holdfast.http.Fields;
import dev.holdfast.series.Series;
import dev.holdfast.series.Series.Counts;
import dev.holdfast.series.Series.Depth;
import dev.holdfast.series.Series.Point;
import dev.holdfast.series.Series.Times;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.series.SeriesQuery.By;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.UUID;

/** The figures of a queue behind a server. */
final class HttpMetrics implements Metrics {
  private final Transport transport;

  HttpMetrics(Transport transport) {
    this.transport = transport;
  }

  @Override
  public List<Series> series(SeriesQuery query) {
    Optional<String> by =
        query.by() == By.NOTHING
            ? Optional.empty()
            : Optional.of(query.by().name().toLowerCase(Locale.ROOT));
    Request request =
        Request.get("/stats/series")
            .query("from", query.from())
            .query("to", query.to())
            .query("step", Durations.write(query.step()))
            .query("queue", query.queue())
            .query("type", query.type())
            .query("by", by);
    return transport.call(request).list("series", series -> series(series, query));
  }

  @Override
  public List<RecoveryRecord> recoveries(Optional<Long> before, int limit) {
    Request request = Request.get("/recoveries").query("before", before).query("limit", limit);
    return transport.call(request).list("recoveries", HttpMetrics::recovery);
  }

  private static RecoveryRecord recovery(Fields found) {
    return new RecoveryRecord(
        found.number("number"),
        found.instant("at"),
        new NodeId(UUID.fromString(found.text("node"))),
        found.maybeText("node_name"),
        found.maybeText("host"),
        found.word("cause", RecoveryRecord.Cause.class),
        found.text("why"),
        found.maybeSeconds("noticed_after_seconds"),
        new RecoveryRecord.Jobs(
            found.number("resumed"),
            found.number("held"),
            found.number("failed"),
            found.number("returned"),
            found.number("crash_loops")),
        found.text("by"));
  }

  private static Series series(Fields series, SeriesQuery query) {
    return new Series(
        series.maybeText("queue"),
        series.maybeText("type"),
        point(series.object("total"), query.from()),
        series.list("points", point -> point(point, point.instant("at"))));
  }

  private static Point point(Fields point, Instant at) {
    Counts counts =
        new Counts(
            point.number("enqueued"),
            point.number("completed"),
            point.number("failed"),
            point.number("retried"),
            point.number("cancelled"),
            point.number("interrupted"));
    Optional<Depth> depth =
        point
            .maybeNumber("depth")
            .map(
                pending ->
                    new Depth(pending, point.number("running"), point.seconds("oldest_seconds")));
    return new Point(at, counts, times(point, "wait"), times(point, "run"), depth);
  }

  private static Optional<Times> times(Fields point, String name) {
    return point.isNull(name) ? Optional.empty() : Optional.of(times(point.object(name)));
  }

  private static Times times(Fields times) {
    return new Times(
        times.number("jobs"),
        times.seconds("p50_seconds"),
        times.seconds("p90_seconds"),
        times.seconds("p95_seconds"),
        times.seconds("p99_seconds"),
        times.seconds("max_seconds"));
  }
}
