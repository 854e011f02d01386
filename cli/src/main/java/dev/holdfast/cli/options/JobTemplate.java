package dev.holdfast.cli.options;

import static java.util.Objects.requireNonNull;

import dev.holdfast.NewJob;
import dev.holdfast.check.Durations;
import dev.holdfast.config.Settings;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Json;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * The job that the options of {@code enqueue} describe; a line of a batch can override them. If
 * neither sets the number of attempts, that of the job's type applies.
 */
public record JobTemplate(
    @Nullable String type,
    JsonNode payload,
    String queue,
    int priority,
    @Nullable Duration delay,
    @Nullable String key,
    @Nullable String group,
    @Nullable Integer maxAttempts,
    @Nullable Duration timeout,
    @Nullable JsonNode requires,
    List<String> tags,
    @Nullable JsonNode metadata,
    Settings settings) {

  private static final Set<String> FIELDS =
      new TreeSet<>(
          Set.of(
              "type",
              "payload",
              "queue",
              "priority",
              "delay",
              "key",
              "group",
              "max_attempts",
              "timeout",
              "requires",
              "tags",
              "metadata"));

  public NewJob job() {
    if (type == null) {
      throw new InvalidRequestException("the job has no type: specify one with --type");
    }
    NewJob job =
        NewJob.of(type, payload)
            .on(queue)
            .priority(priority)
            .maxAttempts(maxAttempts == null ? settings.type(type).maxAttempts() : maxAttempts)
            .createdBy(Person.name());
    job = delay == null ? job : job.in(delay);
    job = key == null ? job : job.unique(key);
    job = group == null ? job : job.group(group);
    job = timeout == null ? job : job.timeout(timeout);
    job = tags.isEmpty() ? job : job.tags(tags.toArray(String[]::new));
    job = metadata == null ? job : job.metadata(Json.object("the metadata", metadata));
    return requires == null ? job : job.requires(Json.object("the requirements", requires));
  }

  /** Returns a template in which the fields of the JSON object replace these. */
  public JobTemplate with(JsonNode line) {
    if (!line.isObject()) {
      throw new InvalidRequestException("expected a JSON object, was " + line.getNodeType());
    }
    for (String name : line.propertyNames()) {
      if (!FIELDS.contains(name)) {
        throw new InvalidRequestException(
            "field '%s' is unknown: expected one of %s".formatted(name, FIELDS));
      }
    }
    String delayText = text(line, "delay", null);
    String timeoutText = text(line, "timeout", null);
    return new JobTemplate(
        text(line, "type", type),
        line.has("payload") ? line.get("payload") : payload,
        String.valueOf(text(line, "queue", queue)),
        requireNonNull(number(line, "priority", priority)),
        delayText == null ? delay : Durations.parse(delayText),
        text(line, "key", key),
        text(line, "group", group),
        number(line, "max_attempts", maxAttempts),
        timeoutText == null ? timeout : Durations.parse(timeoutText),
        line.has("requires") ? line.get("requires") : requires,
        tags(line),
        line.has("metadata") ? line.get("metadata") : metadata,
        settings);
  }

  private List<String> tags(JsonNode line) {
    JsonNode given = line.path("tags");
    if (given.isMissingNode() || given.isNull()) {
      return tags;
    }
    if (!given.isArray() || given.values().stream().anyMatch(tag -> !tag.isString())) {
      throw new InvalidRequestException(
          "field 'tags' must be an array of strings, was %s".formatted(given));
    }
    return given.values().stream().map(JsonNode::stringValue).toList();
  }

  private static @Nullable String text(JsonNode line, String name, @Nullable String otherwise) {
    JsonNode value = line.get(name);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isString()) {
      throw new InvalidRequestException(
          "field '%s' must be a string, was %s".formatted(name, value));
    }
    return value.stringValue();
  }

  private static @Nullable Integer number(JsonNode line, String name, @Nullable Integer otherwise) {
    JsonNode value = line.get(name);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isInt()) {
      throw new InvalidRequestException(
          "field '%s' must be a whole number, was %s".formatted(name, value));
    }
    return value.intValue();
  }
}
