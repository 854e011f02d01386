package dev.holdfast.jdbc.series;

import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.series.SampleFold.Span;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.series.Series;
import dev.holdfast.series.Series.Depth;
import dev.holdfast.spi.Insights;
import dev.holdfast.spi.series.SeriesAssembly;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Counts once a minute what waits and runs in each queue. The count is a read, outside of the
 * transaction that stores it, as it may take longer than writers should wait.
 */
final class DepthSamples {
  private static final Sql NEXT = Sql.of("select next_at from sample_turns where task = 'DEPTH'");

  private static final Sql TAKE_TURN =
      Sql.of(
          """
          insert into sample_turns as turn (task, next_at) values ('DEPTH', :next_at)
          on conflict (task) do update set next_at = excluded.next_at
           where turn.next_at <= :now or turn.next_at > :latest
          """);

  private static final Sql PENDING =
      Sql.of(
          """
          select queue, count(*), min(run_at)
            from (select queue, run_at from jobs where state = 'PENDING' limit :most) as first_ones
           group by queue
          """);

  private static final Sql RUNNING =
      Sql.of("select queue, count(*) from jobs where state = 'RUNNING' group by queue");

  private static final Sql PUT =
      Sql.of(
          """
          insert into depth_samples (span_us, queue, at, pending, running, oldest_us)
          values (:span_us, :queue, :at, :pending, :running, :oldest_us)
          on conflict (span_us, queue, at) do update
             set pending = case when depth_samples.pending > excluded.pending
                                then depth_samples.pending else excluded.pending end,
                 running = case when depth_samples.running > excluded.running
                                then depth_samples.running else excluded.running end,
                 oldest_us = case when depth_samples.oldest_us > excluded.oldest_us
                                  then depth_samples.oldest_us else excluded.oldest_us end
          """);

  private DepthSamples() {}

  /** Returns whether a count is due. */
  static boolean isDue(Session session, long now) {
    long next = session.sql(NEXT).number();
    return next <= now || next > now + 2 * Span.MINUTE.micros();
  }

  /** Counts. */
  static Map<String, Depth> count(Session session, long now) {
    Map<String, Depth> depths = new HashMap<>();
    session
        .sql(PENDING)
        .set("most", Insights.DEPTH_LOOKED_AT_MAX)
        .list(row -> depths.put(row.text(1), pending(row, now)));
    session
        .sql(RUNNING)
        .list(
            row ->
                depths.merge(
                    row.text(1), new Depth(0, row.number(2), Duration.ZERO), DepthSamples::sum));
    return limited(depths);
  }

  private static Depth pending(Row row, long now) {
    return new Depth(row.number(2), 0, Micros.toDuration(Math.max(0, now - row.number(3))));
  }

  private static Depth sum(Depth one, Depth other) {
    return new Depth(
        one.pending() + other.pending(),
        one.running() + other.running(),
        one.oldest().compareTo(other.oldest()) > 0 ? one.oldest() : other.oldest());
  }

  /** Adds the sum, and leaves the deepest queues; the others are one. */
  private static Map<String, Depth> limited(Map<String, Depth> depths) {
    Map<String, Depth> kept = new HashMap<>();
    List<Map.Entry<String, Depth>> deepest =
        depths.entrySet().stream()
            .sorted(
                Comparator.comparingLong(
                    (Map.Entry<String, Depth> entry) ->
                        -entry.getValue().pending() - entry.getValue().running()))
            .toList();
    for (Map.Entry<String, Depth> entry : deepest) {
      boolean isKept = kept.size() < Series.SERIES_MAX - 2;
      kept.merge(
          isKept ? entry.getKey() : SeriesAssembly.OTHER, entry.getValue(), DepthSamples::sum);
    }
    Depth all = depths.values().stream().reduce(new Depth(0, 0, Duration.ZERO), DepthSamples::sum);
    kept.put(SeriesAssembly.ALL, all);
    return kept;
  }

  /** Stores a count, unless another node has stored one for this minute. */
  static boolean put(Tx tx, Map<String, Depth> depths) {
    boolean isOurs =
        tx.sql(TAKE_TURN)
                .set("now", tx.now())
                .set("latest", tx.now() + 2 * Span.MINUTE.micros())
                .set("next_at", Span.MINUTE.start(tx.now()) + Span.MINUTE.micros())
                .update()
            == 1;
    if (isOurs) {
      for (Span span : Span.values()) {
        tx.updateEach(
            PUT,
            depths.entrySet(),
            (put, entry) ->
                put.set("span_us", span.micros())
                    .set("queue", entry.getKey())
                    .set("at", span.start(tx.now()))
                    .set("pending", entry.getValue().pending())
                    .set("running", entry.getValue().running())
                    .set("oldest_us", Micros.of(entry.getValue().oldest())));
      }
    }
    return isOurs;
  }
}
