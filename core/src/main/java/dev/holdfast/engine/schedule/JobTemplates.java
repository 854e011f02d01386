package dev.holdfast.engine.schedule;

import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.Waits;
import dev.holdfast.spi.record.JobDraft;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * The jobs of schedules as JSON. Members of objects are sorted alphabetically, so that an identical
 * declaration is written the same even if it comes from maps in another order.
 */
final class JobTemplates {
  private static final ObjectMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .enable(SerializationFeature.ORDER_MAP_ENTRIES_BY_KEYS)
          .build();

  private final Supplier<JobId> ids;

  JobTemplates(Supplier<JobId> ids) {
    this.ids = ids;
  }

  /** Encodes the job without its id, and without the members that a schedule adds. */
  static String encode(JobDraft job) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("type", job.type());
    fields.put("queue", job.queue());
    fields.put("payload", tree(job.payload()));
    fields.put("payload_version", job.payloadVersion());
    fields.put("priority", job.priority());
    fields.put("max_attempts", job.maxAttempts());
    job.timeout().ifPresent(limit -> fields.put("timeout_ms", limit.toMillis()));
    job.group().ifPresent(group -> fields.put("group", group));
    job.tags().ifPresent(tags -> fields.put("tags", tree(tags)));
    job.metadata().ifPresent(metadata -> fields.put("metadata", tree(metadata)));
    job.requires().ifPresent(requires -> fields.put("requires", tree(requires)));
    return JSON.writeValueAsString(fields);
  }

  /** Converts JSON to maps and lists, which are written sorted, unlike the nodes of a tree. */
  private static @Nullable Object tree(String json) {
    return JSON.readValue(json, Object.class);
  }

  /** Creates the job of a schedule at one of its fire times. */
  JobDraft draft(String template, String schedule, Instant slot) {
    JsonNode job = JSON.readTree(template);
    Map<String, @Nullable Object> metadata = new LinkedHashMap<>();
    if (job.has("metadata")) {
      job.get("metadata")
          .properties()
          .forEach(fact -> metadata.put(fact.getKey(), fact.getValue()));
    }
    metadata.put("schedule", schedule);
    metadata.put("slot", slot.toString());
    return new JobDraft(
        ids.get(),
        job.get("queue").asString(),
        job.get("type").asString(),
        job.get("payload").toString(),
        job.get("payload_version").asInt(),
        job.get("priority").asInt(),
        Optional.empty(),
        Optional.empty(),
        job.get("max_attempts").asInt(),
        Optional.ofNullable(job.get("timeout_ms")).map(limit -> Duration.ofMillis(limit.asLong())),
        Optional.empty(),
        NewJob.DEFAULT_KEY_KEPT,
        Optional.ofNullable(job.get("group")).map(JsonNode::asString),
        Optional.ofNullable(job.get("tags")).map(JsonNode::toString),
        Optional.of(JSON.writeValueAsString(metadata)),
        Optional.ofNullable(job.get("requires")).map(JsonNode::toString),
        Optional.of("schedule:" + schedule),
        Waits.none());
  }
}
