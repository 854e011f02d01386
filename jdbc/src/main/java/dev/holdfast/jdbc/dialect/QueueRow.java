package dev.holdfast.jdbc.dialect;

import dev.holdfast.ClaimOrder;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSettings.Rate;
import dev.holdfast.jdbc.sql.Json;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import dev.holdfast.search.JobField;
import dev.holdfast.spi.record.QueueRecord;
import java.util.List;
import java.util.Optional;

/**
 * A row of the table {@code queues}. A queue without one has the defaults.
 *
 * @param name the queue
 * @param settings its settings
 * @param paused its pause, or empty
 * @param band the band of its ranks
 * @param allowance in manual mode, number of jobs that may start
 * @param rateCounts as {@code RateCounts} stores them; empty for none
 */
public record QueueRow(
    String name,
    QueueSettings settings,
    Optional<QueuePause> paused,
    int band,
    int allowance,
    String rateCounts) {

  /** Returns whether claims must count. */
  boolean isLimited() {
    return settings.manual() || isCounted(settings) || settings.rate().isPresent();
  }

  /** Returns whether running jobs must be counted. */
  public static boolean isCounted(QueueSettings settings) {
    return settings.concurrency().isPresent() || settings.concurrencyPerGroup().isPresent();
  }

  public boolean isPaused() {
    return paused.isPresent();
  }

  /** Creates the row of a queue that was never configured. */
  static QueueRow unsaid(String name) {
    return new QueueRow(name, QueueSettings.defaults(), Optional.empty(), 0, 0, "");
  }

  public QueueRecord toRecord() {
    return new QueueRecord(name, settings, paused, band);
  }

  static QueueRow of(Row row) {
    return new QueueRow(
        row.text("name"),
        settings(row),
        paused(row),
        row.count("band"),
        row.count("allowance"),
        row.maybeText("rate_counts").orElse(""));
  }

  private static QueueSettings settings(Row row) {
    return QueueSettings.defaults()
        .order(ClaimOrder.valueOf(row.text("claim_order")))
        .manual(row.number("manual") != 0)
        .concurrency(row.maybeNumber("concurrency").map(Math::toIntExact).orElse(null))
        .concurrencyPerGroup(
            row.maybeNumber("concurrency_per_group").map(Math::toIntExact).orElse(null))
        .rate(
            row.maybeNumber("rate_limit")
                .map(Math::toIntExact)
                .map(starts -> rate(row, starts))
                .orElse(null))
        .indexedFields(
            row.maybeText("indexed").map(Json::texts).orElse(List.of()).stream()
                .map(JobField::parse)
                .toList());
  }

  private static Rate rate(Row row, int starts) {
    return new Rate(starts, Micros.toDuration(row.number("rate_period_us")));
  }

  private static Optional<QueuePause> paused(Row row) {
    return row.maybeInstant("paused_at")
        .map(since -> new QueuePause(since, row.maybeText("paused_by").orElse("")));
  }
}
