package dev.holdfast.http.wire;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonInclude.Include;
import com.fasterxml.jackson.annotation.JsonProperty;
import dev.holdfast.series.Series;
import dev.holdfast.series.SeriesQuery;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Wire form of figures over time: the answer to a {@link SeriesQuery}. */
public record SeriesJson(Instant from, Instant to, double stepSeconds, List<One> series) {

  /** Wire form of a {@link Series}. */
  public record One(
      Optional<String> queue, Optional<String> type, Point total, List<Point> points) {
    static One of(Series series) {
      return new One(
          series.queue(),
          series.type(),
          Point.of(series.total(), Optional.empty()),
          series.points().stream().map(point -> Point.of(point, Optional.of(point.at()))).toList());
    }

    Series series(Instant from) {
      return new Series(
          queue, type, total.point(from), points.stream().map(point -> point.point(from)).toList());
    }
  }

  /**
   * Wire form of the figures of one step, or of all together.
   *
   * @param at the start of the step; missing for all together
   */
  public record Point(
      @JsonInclude(Include.NON_ABSENT) Optional<Instant> at,
      long enqueued,
      long completed,
      long failed,
      long retried,
      long cancelled,
      long interrupted,
      @JsonProperty("wait") Optional<Times> waited,
      @JsonProperty("run") Optional<Times> ran,
      Optional<Long> depth,
      Optional<Long> running,
      Optional<Double> oldestSeconds) {
    static Point of(Series.Point point, Optional<Instant> at) {
      return new Point(
          at,
          point.counts().enqueued(),
          point.counts().completed(),
          point.counts().failed(),
          point.counts().retried(),
          point.counts().cancelled(),
          point.counts().interrupted(),
          point.waited().map(Times::of),
          point.ran().map(Times::of),
          point.depth().map(Series.Depth::pending),
          point.depth().map(Series.Depth::running),
          point.depth().map(now -> Seconds.measured(now.oldest())));
    }

    Series.Point point(Instant from) {
      return new Series.Point(
          at.orElse(from),
          new Series.Counts(enqueued, completed, failed, retried, cancelled, interrupted),
          waited.map(Times::times),
          ran.map(Times::times),
          depth.map(
              pending ->
                  new Series.Depth(
                      pending, running.orElse(0L), Seconds.read(oldestSeconds.orElse(0.0)))));
    }
  }

  /** Wire form of {@link Series.Times}. */
  public record Times(
      long jobs,
      double p50Seconds,
      double p90Seconds,
      double p95Seconds,
      double p99Seconds,
      double maxSeconds) {
    static Times of(Series.Times times) {
      return new Times(
          times.jobs(),
          Seconds.measured(times.p50()),
          Seconds.measured(times.p90()),
          Seconds.measured(times.p95()),
          Seconds.measured(times.p99()),
          Seconds.measured(times.max()));
    }

    Series.Times times() {
      return new Series.Times(
          jobs,
          Seconds.read(p50Seconds),
          Seconds.read(p90Seconds),
          Seconds.read(p95Seconds),
          Seconds.read(p99Seconds),
          Seconds.read(maxSeconds));
    }
  }

  /** Returns an answer. */
  public static SeriesJson of(SeriesQuery query, List<Series> found) {
    return new SeriesJson(
        query.from(),
        query.to(),
        Seconds.measured(query.step()),
        found.stream().map(One::of).toList());
  }

  /**
   * Returns the series.
   *
   * @param start the time of the totals
   */
  public List<Series> found(Instant start) {
    return series.stream().map(one -> one.series(start)).toList();
  }
}
