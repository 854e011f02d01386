package dev.holdfast.http.client;

import dev.holdfast.ClaimOrder;
import dev.holdfast.JobState;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSummary;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Rates;
import dev.holdfast.search.JobField;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** Reads queues from their wire form. */
final class QueueReader {
  private QueueReader() {}

  static QueueSettings settings(Fields queue) {
    return QueueSettings.defaults()
        .order(queue.word("order", ClaimOrder.class))
        .manual(queue.flag("manual"))
        .concurrency(queue.maybeNumber("concurrency").map(Math::toIntExact).orElse(null))
        .concurrencyPerGroup(
            queue.maybeNumber("concurrency_per_group").map(Math::toIntExact).orElse(null))
        .rate(queue.maybeText("rate").map(Rates::parse).orElse(null))
        .indexedFields(queue.texts("indexed_fields").stream().map(JobField::parse).toList());
  }

  static QueueSummary summary(Fields queue) {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    queue.numbers("counts").forEach((state, jobs) -> counts.put(JobState.valueOf(state), jobs));
    return new QueueSummary(
        queue.text("queue"),
        settings(queue),
        queue.flag("paused")
            ? Optional.of(new QueuePause(queue.instant("paused_at"), queue.text("paused_by")))
            : Optional.empty(),
        counts,
        queue.maybeInstant("oldest_pending_at"),
        queue.count("nodes"));
  }
}
