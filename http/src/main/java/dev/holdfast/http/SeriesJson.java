package dev.holdfast.http;

import dev.holdfast.series.Series;
import dev.holdfast.series.Series.Counts;
import dev.holdfast.series.Series.Depth;
import dev.holdfast.series.Series.Point;
import dev.holdfast.series.Series.Times;
import dev.holdfast.series.SeriesQuery;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Converts figures over time to their wire form. */
public final class SeriesJson {
  private SeriesJson() {}

  /** Returns the answer to a query. */
  public static Map<String, @Nullable Object> of(SeriesQuery query, List<Series> found) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("from", query.from().toString());
    fields.put("to", query.to().toString());
    fields.put("step_seconds", seconds(query.step()));
    fields.put("series", found.stream().map(SeriesJson::of).toList());
    return fields;
  }

  private static Map<String, @Nullable Object> of(Series series) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("queue", series.queue().orElse(null));
    fields.put("type", series.type().orElse(null));
    fields.put("total", figures(series.total()));
    fields.put("points", series.points().stream().map(SeriesJson::point).toList());
    return fields;
  }

  private static Map<String, @Nullable Object> point(Point point) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("at", point.at().toString());
    fields.putAll(figures(point));
    return fields;
  }

  private static Map<String, @Nullable Object> figures(Point point) {
    Counts counts = point.counts();
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("enqueued", counts.enqueued());
    fields.put("completed", counts.completed());
    fields.put("failed", counts.failed());
    fields.put("retried", counts.retried());
    fields.put("cancelled", counts.cancelled());
    fields.put("interrupted", counts.interrupted());
    fields.put("wait", times(point.waited()));
    fields.put("run", times(point.ran()));
    fields.put("depth", point.depth().map(Depth::pending).orElse(null));
    fields.put("running", point.depth().map(Depth::running).orElse(null));
    fields.put("oldest_seconds", point.depth().map(depth -> seconds(depth.oldest())).orElse(null));
    return fields;
  }

  private static @Nullable Map<String, Object> times(Optional<Times> given) {
    if (given.isEmpty()) {
      return null;
    }
    Times times = given.get();
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("jobs", times.jobs());
    fields.put("p50_seconds", seconds(times.p50()));
    fields.put("p90_seconds", seconds(times.p90()));
    fields.put("p95_seconds", seconds(times.p95()));
    fields.put("p99_seconds", seconds(times.p99()));
    fields.put("max_seconds", seconds(times.max()));
    return fields;
  }

  private static double seconds(Duration duration) {
    return duration.toNanos() / 1e9;
  }
}
