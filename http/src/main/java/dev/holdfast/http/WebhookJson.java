package dev.holdfast.http;

import dev.holdfast.JobId;
import dev.holdfast.spi.server.Alert;
import dev.holdfast.spi.server.Webhook;
import dev.holdfast.spi.server.WebhookDelivery;
import dev.holdfast.spi.server.WebhookEvent;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/** Converts webhooks, deliveries and alerts to their wire form, without secrets. */
public final class WebhookJson {
  private WebhookJson() {}

  /** Returns a webhook. */
  public static Map<String, @Nullable Object> of(Webhook webhook) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", webhook.id());
    fields.put("url", webhook.url());
    fields.put("events", webhook.events().stream().map(WebhookEvent::word).sorted().toList());
    fields.put("queue", webhook.queue().orElse(null));
    fields.put("type", webhook.type().orElse(null));
    fields.put("group", webhook.group().orElse(null));
    fields.put("enabled", webhook.enabled());
    fields.put("created_by", webhook.createdBy());
    fields.put(
        "old_secret_until", webhook.oldSecret().map(old -> old.until().toString()).orElse(null));
    return fields;
  }

  /** Returns a delivery without secrets; its job has the result. */
  public static Map<String, @Nullable Object> of(
      WebhookDelivery delivery, DeliveryRedaction redaction) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("number", delivery.number());
    fields.put("event", delivery.event().word());
    fields.put("subject", delivery.subject());
    fields.put("at", delivery.at().toString());
    fields.put("data", new RawValue(redaction.of(delivery.data())));
    fields.put("job_id", delivery.job().map(JobId::toString).orElse(null));
    fields.put("state", delivery.state().map(Enum::name).orElse(null));
    return fields;
  }

  /** Returns an alert. */
  public static Map<String, @Nullable Object> of(Alert alert) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", alert.rule().name());
    fields.put("kind", alert.rule().kind().name());
    fields.put("queue", alert.rule().queue().orElse(null));
    fields.put("type", alert.rule().type().orElse(null));
    fields.put("over_seconds", alert.rule().over().toMillis() / 1000.0);
    fields.put("threshold", alert.rule().threshold());
    fields.put("at_least", alert.rule().atLeast());
    fields.put("created_by", alert.createdBy());
    fields.put("checked_at", alert.checkedAt().map(Instant::toString).orElse(null));
    fields.put("value", alert.value().orElse(null));
    fields.put("raised_at", alert.raisedAt().map(Instant::toString).orElse(null));
    return fields;
  }
}
