package dev.holdfast.jdbc.series;

import dev.holdfast.jdbc.dialect.Tx;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.series.Series;
import dev.holdfast.series.SeriesQuery;
import dev.holdfast.spi.series.Sample;
import dev.holdfast.spi.series.SeriesAssembly;
import dev.holdfast.spi.series.SeriesKey;
import dev.holdfast.spi.series.TimeSeries;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Adds up what transactions have written: each row goes into the minute and the hour of its time,
 * and there into the series of its queue and type and into three sums. What is added up is removed
 * in the same transaction.
 */
final class SampleFold {
  /** Rows in one transaction: few, as others wait for it. */
  private static final int STEP = 2_000;

  /** The time between two turns, whichever nodes take them. */
  private static final Duration TURN = TimeSeries.FOLD_INTERVAL;

  private static final Sql TAKE_TURN =
      Sql.of(
          """
          insert into sample_turns as turn (task, next_at) values ('FOLD', :next_at)
          on conflict (task) do update set next_at = excluded.next_at
           where turn.next_at <= :now or turn.next_at > :latest
          """);

  private static final Sql GIVE_TURN_BACK =
      Sql.of("update sample_turns set next_at = :now where task = 'FOLD'");

  private static final Sql ANY = Sql.of("select number from sample_deltas limit 1");

  private static final Sql TAKE_DELTAS =
      Sql.of(
          """
          delete from sample_deltas
           where number in (select number from sample_deltas order by number limit :limit)
          returning at, queue, type, enqueued, completed, failed, retried, cancelled, interrupted,
                    waits, runs
          """);

  private static final Sql FIND =
      Sql.of(
          """
          select * from samples
           where span_us = :span_us and queue = :queue and type = :type and at = :at
          """);

  private static final Sql COUNT_SERIES =
      Sql.of("select count(*) from samples where span_us = :span_us and at = :at");

  private static final Sql PUT =
      Sql.of(
          """
          insert into samples
            (span_us, at, queue, type, enqueued, completed, failed, retried, cancelled,
             interrupted, waits, runs)
          values
            (:span_us, :at, :queue, :type, :enqueued, :completed, :failed, :retried, :cancelled,
             :interrupted, :waits, :runs)
          on conflict (span_us, queue, type, at) do update
             set enqueued = excluded.enqueued, completed = excluded.completed,
                 failed = excluded.failed, retried = excluded.retried,
                 cancelled = excluded.cancelled, interrupted = excluded.interrupted,
                 waits = excluded.waits, runs = excluded.runs
          """);

  private static final Sql FORGET =
      Sql.of(
          """
          delete from samples
           where (span_us, queue, type, at) in
                 (select span_us, queue, type, at from samples
                   where span_us = :span_us and at < :before order by at limit :limit)
          """);

  private static final Sql FORGET_DEPTHS =
      Sql.of(
          """
          delete from depth_samples
           where (span_us, queue, at) in
                 (select span_us, queue, at from depth_samples
                   where span_us = :span_us and at < :before order by at limit :limit)
          """);

  /** A length of time for which sums are kept, and how long they are. */
  enum Span {
    MINUTE(Duration.ofMinutes(1), SeriesQuery.MINUTES_KEPT),
    HOUR(Duration.ofHours(1), SeriesQuery.HOURS_KEPT);

    private final long micros;
    private final long kept;

    Span(Duration length, Duration kept) {
      this.micros = Micros.of(length);
      this.kept = Micros.of(kept);
    }

    long micros() {
      return micros;
    }

    /** Returns the start of the minute or hour in which a time lies. */
    long start(long at) {
      return Math.floorDiv(at, micros) * micros;
    }
  }

  private SampleFold() {}

  /** Returns whether there is anything to add up. */
  static boolean isDue(Session session) {
    return session.sql(ANY).first(row -> row.number(1)).isPresent();
  }

  /**
   * Does this node's turn, if it is due.
   *
   * @return whether there is more to do at once
   */
  static boolean fold(Tx tx) {
    long turn = Micros.of(TURN);
    boolean isOurs =
        tx.sql(TAKE_TURN)
                .set("now", tx.now())
                .set("latest", tx.now() + 2 * turn)
                .set("next_at", tx.now() + turn)
                .update()
            == 1;
    if (!isOurs) {
      return false;
    }
    List<Delta> deltas = tx.sql(TAKE_DELTAS).set("limit", STEP).list(SampleFold::delta);
    for (Span span : Span.values()) {
      add(tx, span, deltas);
    }
    boolean isMore = deltas.size() == STEP;
    if (isMore) {
      tx.sql(GIVE_TURN_BACK).set("now", tx.now()).update();
    }
    return isMore;
  }

  /** Removes sums that are too old. @return whether there may be more of them */
  static boolean forget(Tx tx) {
    int forgotten = 0;
    for (Span span : Span.values()) {
      for (Sql forget : List.of(FORGET, FORGET_DEPTHS)) {
        forgotten +=
            tx.sql(forget)
                .set("span_us", span.micros)
                .set("before", span.start(tx.now() - span.kept))
                .set("limit", STEP)
                .update();
      }
    }
    return forgotten >= STEP;
  }

  private record Delta(long at, SeriesKey key, Sample sample) {}

  private static Delta delta(Row row) {
    return new Delta(row.number("at"), SampleRows.key(row), SampleRows.sample(row));
  }

  private static void add(Tx tx, Span span, List<Delta> deltas) {
    Map<Long, Map<SeriesKey, Sample>> starts = new TreeMap<>();
    for (Delta delta : deltas) {
      starts
          .computeIfAbsent(span.start(delta.at), none -> new HashMap<>())
          .computeIfAbsent(delta.key, none -> new Sample())
          .add(delta.sample);
    }
    starts.forEach((at, samples) -> new Sums(tx, span, at).add(samples));
  }

  /** The sums of one minute or hour. */
  private static final class Sums {
    private final Tx tx;
    private final Span span;
    private final long at;
    private final Map<SeriesKey, Sample> changed = new HashMap<>();
    private long series;

    private Sums(Tx tx, Span span, long at) {
      this.tx = tx;
      this.span = span;
      this.at = at;
      this.series = tx.sql(COUNT_SERIES).set("span_us", span.micros).set("at", at).number();
    }

    private void add(Map<SeriesKey, Sample> samples) {
      String all = SeriesAssembly.ALL;
      String other = SeriesAssembly.OTHER;
      samples.forEach(
          (key, sample) -> {
            sum(new SeriesKey(all, all)).add(sample);
            sum(new SeriesKey(key.queue(), all), new SeriesKey(other, all)).add(sample);
            sum(new SeriesKey(all, key.type()), new SeriesKey(all, other)).add(sample);
            sum(key, new SeriesKey(other, other)).add(sample);
          });
      tx.updateEach(
          PUT,
          changed.entrySet(),
          (put, entry) ->
              SampleDeltas.bind(
                  put.set("span_us", span.micros).set("at", at), entry.getKey(), entry.getValue()));
    }

    /** Returns the sum of this name, or of the others if there are too many. */
    private Sample sum(SeriesKey key, SeriesKey others) {
      Sample known = changed.get(key);
      if (known != null) {
        return known;
      }
      if (find(key).isEmpty() && series >= Series.SERIES_MAX) {
        return sum(others);
      }
      return sum(key);
    }

    private Sample sum(SeriesKey key) {
      Sample known = changed.get(key);
      if (known != null) {
        return known;
      }
      List<Sample> stored = find(key);
      Sample sum = stored.isEmpty() ? new Sample() : stored.get(0);
      series += stored.isEmpty() ? 1 : 0;
      changed.put(key, sum);
      return sum;
    }

    private List<Sample> find(SeriesKey key) {
      return tx.sql(FIND)
          .set("span_us", span.micros)
          .set("queue", key.queue())
          .set("type", key.type())
          .set("at", at)
          .list(SampleRows::sample);
    }
  }
}
