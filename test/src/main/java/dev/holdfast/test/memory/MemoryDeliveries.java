package dev.holdfast.test.memory;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.engine.JacksonCodec;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.server.Happening;
import dev.holdfast.spi.server.Webhook;
import dev.holdfast.spi.server.WebhookDelivery;
import dev.holdfast.spi.server.WebhookEvent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The webhook deliveries of a memory store. Guarded by the store's lock. */
final class MemoryDeliveries {
  static final JacksonCodec JSON = new JacksonCodec();
  private static final String OURS = "holdfast.webhook";
  private static final int MESSAGE_CHARS_MAX = 1_000;

  final NavigableMap<String, Webhook> webhooks = new TreeMap<>();
  final NavigableMap<Long, WebhookDelivery> rows = new TreeMap<>();
  private final MemoryTables tables;
  private long last;

  MemoryDeliveries(MemoryTables tables) {
    this.tables = tables;
  }

  /** Records that a job has changed from this state. */
  void changed(JobState before, Job job) {
    Optional<WebhookEvent> end = WebhookEvent.of(job.state());
    if (webhooks.isEmpty() || before == job.state() || end.isEmpty() || job.type().equals(OURS)) {
      return;
    }
    String subject = job.id() + ":" + job.token();
    tell(
        webhook -> webhook.wants(end.get(), job.queue(), job.type(), job.group()),
        Happening.of(end.get(), subject, JSON.encode(Map.of("job", fields(job)))),
        job.updatedAt());
  }

  private static Map<String, @Nullable Object> fields(Job job) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", job.id().toString());
    fields.put("queue", job.queue());
    fields.put("type", job.type());
    fields.put("group", job.group().orElse(null));
    fields.put("state", job.state().name());
    fields.put("attempt", job.attempt());
    fields.put("max_attempts", job.maxAttempts());
    fields.put("token", job.token());
    fields.put(
        "failure",
        job.failure()
            .filter(any -> job.state() == JobState.FAILED)
            .map(
                failure ->
                    Map.of(
                        "kind",
                        failure.kind().name(),
                        "message",
                        failure
                            .message()
                            .substring(0, Math.min(failure.message().length(), MESSAGE_CHARS_MAX))))
            .orElse(null));
    return fields;
  }

  void tellOfLost(Death death, Instant now) {
    String node = death.node().toString();
    String data = JSON.encode(Map.of("node", Map.of("id", node, "cause", death.cause())));
    tell(
        webhook -> webhook.wants(WebhookEvent.NODE_LOST),
        Happening.of(WebhookEvent.NODE_LOST, node + ":" + now, data),
        now);
  }

  /** Records an event for all webhooks that subscribe to it. */
  void tell(Happening happening, Instant now) {
    Optional<Job> job =
        happening.job().flatMap(id -> Optional.ofNullable(tables.rows.get(id)).map(tables::job));
    if (happening.job().isPresent() && job.isEmpty()) {
      return;
    }
    tell(
        webhook ->
            job.map(of -> webhook.wants(happening.event(), of.queue(), of.type(), of.group()))
                .orElseGet(() -> webhook.wants(happening.event())),
        happening,
        now);
  }

  private void tell(Predicate<Webhook> whom, Happening happening, Instant now) {
    webhooks.values().stream().filter(whom).forEach(webhook -> tell(webhook, happening, now));
  }

  Optional<WebhookDelivery> tell(Webhook webhook, Happening happening, Instant now) {
    boolean isKnown =
        rows.values().stream()
            .anyMatch(
                row ->
                    row.webhook().equals(webhook.id())
                        && row.event() == happening.event()
                        && row.subject().equals(happening.subject()));
    if (isKnown) {
      return Optional.empty();
    }
    last++;
    WebhookDelivery row =
        new WebhookDelivery(
            last,
            webhook.id(),
            happening.event(),
            happening.subject(),
            now,
            happening.data(),
            Optional.empty(),
            Optional.empty());
    rows.put(last, row);
    return Optional.of(row);
  }

  void give(long number, JobId job) {
    rows.computeIfPresent(number, (same, row) -> with(row, Optional.of(job), Optional.empty()));
  }

  /** Returns a delivery with its current state. */
  WebhookDelivery seen(WebhookDelivery row) {
    return with(
        row,
        row.job(),
        row.job().flatMap(id -> Optional.ofNullable(tables.rows.get(id)).map(MemoryRow::state)));
  }

  private static WebhookDelivery with(
      WebhookDelivery row, Optional<JobId> job, Optional<JobState> state) {
    return new WebhookDelivery(
        row.number(), row.webhook(), row.event(), row.subject(), row.at(), row.data(), job, state);
  }
}
