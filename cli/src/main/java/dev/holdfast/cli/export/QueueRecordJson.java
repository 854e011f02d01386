package dev.holdfast.cli.export;

import dev.holdfast.ClaimOrder;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSettings.Rate;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.Rates;
import dev.holdfast.http.wire.QueueSettingsJson;
import dev.holdfast.search.JobField;
import dev.holdfast.spi.record.QueueRecord;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Converts the settings of a queue to a line of an export, and back. */
final class QueueRecordJson {
  /** The field that identifies such a line. */
  static final String QUEUE = "settings_of";

  private QueueRecordJson() {}

  static Map<String, @Nullable Object> of(QueueRecord record) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put(QUEUE, record.name());
    fields.putAll(Json.fields(QueueSettingsJson.of(record.settings())));
    fields.put(
        "paused_at", record.paused().map(QueuePause::since).map(Instant::toString).orElse(null));
    fields.put("paused_by", record.paused().map(QueuePause::by).orElse(null));
    fields.put("band", record.band());
    return fields;
  }

  static QueueRecord record(Fields fields) {
    QueueSettings settings =
        QueueSettings.defaults()
            .order(fields.word("order", ClaimOrder.class))
            .manual(Boolean.parseBoolean(fields.any("manual").asString()))
            .concurrency(limit(fields, "concurrency").orElse(null))
            .concurrencyPerGroup(limit(fields, "concurrency_per_group").orElse(null))
            .rate(rate(fields).orElse(null))
            .indexedFields(indexed(fields));
    Optional<QueuePause> paused =
        fields
            .maybeInstant("paused_at")
            .map(since -> new QueuePause(since, fields.maybeText("paused_by").orElse("")));
    return new QueueRecord(fields.text(QUEUE), settings, paused, fields.count("band"));
  }

  private static Optional<Integer> limit(Fields fields, String name) {
    return fields.maybeNumber(name).map(any -> fields.count(name));
  }

  /** Files of former versions do not name them. */
  private static List<JobField> indexed(Fields fields) {
    return fields.has("indexed_fields")
        ? fields.texts("indexed_fields").stream().map(JobField::parse).toList()
        : List.of();
  }

  private static Optional<Rate> rate(Fields fields) {
    return fields.maybeText("rate").map(Rates::parse);
  }
}
