package dev.holdfast.jdbc.series;

import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.series.Series.Counts;
import dev.holdfast.series.Series.Depth;
import dev.holdfast.spi.series.Histogram;
import dev.holdfast.spi.series.Sample;
import dev.holdfast.spi.series.SeriesKey;

/** Reads samples from rows. */
final class SampleRows {
  private SampleRows() {}

  static SeriesKey key(Row row) {
    return new SeriesKey(row.text("queue"), row.text("type"));
  }

  static Sample sample(Row row) {
    return new Sample(
        new Counts(
            row.number("enqueued"),
            row.number("completed"),
            row.number("failed"),
            row.number("retried"),
            row.number("cancelled"),
            row.number("interrupted")),
        Histogram.parse(row.text("waits")),
        Histogram.parse(row.text("runs")));
  }

  static Depth depth(Row row) {
    return new Depth(
        row.number("pending"),
        row.number("running"),
        Micros.toDuration(Math.max(0, row.number("oldest_us"))));
  }
}
