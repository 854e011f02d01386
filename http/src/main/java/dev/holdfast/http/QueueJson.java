package dev.holdfast.http;

import dev.holdfast.JobState;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSummary;
import dev.holdfast.search.JobField;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Converts queues to their wire form, which {@code --json} also prints. */
public final class QueueJson {
  private QueueJson() {}

  /** Returns a queue in its current state. */
  public static Map<String, @Nullable Object> of(QueueSummary queue) {
    Map<String, Long> counts = new TreeMap<>();
    queue.counts().forEach((state, jobs) -> counts.put(state.name(), jobs));
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("queue", queue.name());
    fields.put("paused", queue.paused().isPresent());
    fields.put("paused_at", queue.paused().map(pause -> pause.since().toString()).orElse(null));
    fields.put("paused_by", queue.paused().map(QueuePause::by).orElse(null));
    fields.putAll(of(queue.settings()));
    fields.put("counts", counts);
    fields.put("pending", queue.jobs(JobState.PENDING));
    fields.put("oldest_pending_at", queue.oldestPending().map(Instant::toString).orElse(null));
    fields.put("nodes", queue.nodes());
    return fields;
  }

  /** Returns the settings of a queue. */
  public static Map<String, @Nullable Object> of(QueueSettings settings) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("order", settings.order().name());
    fields.put("manual", settings.manual());
    fields.put("concurrency", settings.concurrency().orElse(null));
    fields.put("concurrency_per_group", settings.concurrencyPerGroup().orElse(null));
    fields.put("rate", settings.rate().map(Rates::write).orElse(null));
    fields.put(
        "indexed_fields", settings.indexedFields().stream().map(JobField::toString).toList());
    return fields;
  }
}
