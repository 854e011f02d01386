package dev.holdfast.http;

import dev.holdfast.Dependency;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.SignalWait;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** Converts new jobs from and to their wire form. */
public final class NewJobJson {
  private static final Set<String> FIELDS =
      new TreeSet<>(
          Set.of(
              "type",
              "payload",
              "payload_version",
              "id",
              "queue",
              "priority",
              "run_at",
              "delay",
              "max_attempts",
              "timeout",
              "key",
              "key_kept",
              "group",
              "tags",
              "metadata",
              "requires",
              "created_by",
              "depends_on",
              "if_failed",
              "signal"));

  private static final Set<String> SIGNAL_FIELDS =
      new TreeSet<>(Set.of("name", "timeout", "if_late"));

  private static final Set<String> DEPENDENCY_FIELDS = new TreeSet<>(Set.of("id", "if_failed"));

  private NewJobJson() {}

  /**
   * Reads a job.
   *
   * @param attempts the maximum number of attempts of a type's jobs that do not set it
   * @throws InvalidRequestException naming the field, its value and what is expected
   */
  public static NewJob read(JsonNode node, ToIntFunction<String> attempts) {
    checkFields("a job", node, FIELDS);
    Fields fields = new Fields(node);
    String type = fields.text("type");
    NewJob job = NewJob.of(type, node.get("payload")).maxAttempts(attempts.applyAsInt(type));
    job = fields.isNull("id") ? job : job.withId(JobId.parse(fields.text("id")));
    job = fields.isNull("payload_version") ? job : job.version(fields.count("payload_version"));
    job = fields.isNull("queue") ? job : job.on(fields.text("queue"));
    job = fields.isNull("priority") ? job : job.priority(fields.count("priority"));
    job = fields.isNull("max_attempts") ? job : job.maxAttempts(fields.count("max_attempts"));
    job = fields.isNull("timeout") ? job : job.timeout(Durations.parse(fields.text("timeout")));
    job = fields.isNull("key") ? job : job.unique(fields.text("key"));
    job = fields.isNull("key_kept") ? job : job.keepKey(Durations.parse(fields.text("key_kept")));
    job = fields.isNull("group") ? job : job.group(fields.text("group"));
    job = fields.isNull("tags") ? job : job.tags(fields.texts("tags").toArray(String[]::new));
    job =
        fields.isNull("metadata")
            ? job
            : job.metadata(Json.object("metadata", fields.any("metadata")));
    job =
        fields.isNull("requires")
            ? job
            : job.requires(Json.object("requires", fields.any("requires")));
    job = fields.isNull("created_by") ? job : job.createdBy(fields.text("created_by"));
    return waiting(timed(job, fields), fields);
  }

  private static NewJob timed(NewJob job, Fields fields) {
    if (!fields.isNull("run_at") && !fields.isNull("delay")) {
      throw new InvalidRequestException("run_at and delay cannot be combined");
    }
    if (!fields.isNull("run_at")) {
      return job.at(fields.instant("run_at"));
    }
    return fields.isNull("delay") ? job : job.in(Durations.parse(fields.text("delay")));
  }

  private static NewJob waiting(NewJob job, Fields fields) {
    NewJob waiting = job;
    OnPredecessorFailure ifFailed = ifFailed(fields, OnPredecessorFailure.CANCEL);
    if (!fields.isNull("depends_on")) {
      waiting = waiting(job, fields, ifFailed);
    }
    if (!fields.isNull("signal")) {
      checkFields("signal", fields.any("signal"), SIGNAL_FIELDS);
      Fields signal = new Fields(fields.any("signal"));
      waiting =
          waiting.untilSignal(
              signal.text("name"),
              Durations.parse(signal.text("timeout")),
              signal.isNull("if_late")
                  ? OnSignalTimeout.FAIL
                  : signal.word("if_late", OnSignalTimeout.class));
    }
    return waiting;
  }

  /** Reads the predecessors: each is an id, or an object with its own {@code if_failed}. */
  private static NewJob waiting(NewJob job, Fields fields, OnPredecessorFailure ifFailed) {
    JsonNode array = fields.any("depends_on");
    if (!array.isArray()) {
      throw noDependencies(array);
    }
    return job.after(
        array.values().stream().map(item -> dependency(array, item, ifFailed)).toList());
  }

  private static Dependency dependency(
      JsonNode array, JsonNode item, OnPredecessorFailure ifFailed) {
    if (item.isString()) {
      return new Dependency(JobId.parse(item.stringValue()), ifFailed);
    }
    if (!item.isObject()) {
      throw noDependencies(array);
    }
    checkFields("depends_on", item, DEPENDENCY_FIELDS);
    Fields own = new Fields(item);
    return new Dependency(JobId.parse(own.text("id")), ifFailed(own, ifFailed));
  }

  private static InvalidRequestException noDependencies(JsonNode array) {
    return new InvalidRequestException(
        "field 'depends_on' is %s, expected an array of ids, or of objects with id and if_failed"
            .formatted(Printable.brief(array.toString(), 60)));
  }

  private static OnPredecessorFailure ifFailed(Fields fields, OnPredecessorFailure otherwise) {
    return fields.isNull("if_failed")
        ? otherwise
        : fields.word("if_failed", OnPredecessorFailure.class);
  }

  /**
   * Writes a job, as {@link #read} reads it. Unset fields are omitted.
   *
   * @throws InvalidRequestException if its payload or metadata cannot be written as JSON
   */
  public static Map<String, @Nullable Object> write(NewJob job) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("type", job.type());
    fields.put("payload", Json.raw("the payload", job.payload()));
    job.payloadVersion().ifPresent(version -> fields.put("payload_version", version));
    job.id().ifPresent(id -> fields.put("id", id.toString()));
    fields.put("queue", job.queue());
    fields.put("priority", job.priority());
    job.runAt().ifPresent(at -> fields.put("run_at", at.toString()));
    job.delay().ifPresent(delay -> fields.put("delay", Durations.write(delay)));
    fields.put("max_attempts", job.maxAttempts());
    job.timeout().ifPresent(limit -> fields.put("timeout", Durations.write(limit)));
    if (job.key().isPresent()) {
      fields.put("key", job.key().get());
      fields.put("key_kept", Durations.write(job.keyKept()));
    }
    job.group().ifPresent(group -> fields.put("group", group));
    if (!job.tags().isEmpty()) {
      fields.put("tags", job.tags());
    }
    if (!job.metadata().isEmpty()) {
      fields.put("metadata", Json.raw("the metadata", job.metadata()));
    }
    if (!job.requires().isEmpty()) {
      fields.put("requires", Json.raw("the requirements", job.requires()));
    }
    job.createdBy().ifPresent(by -> fields.put("created_by", by));
    if (!job.waits().jobs().isEmpty()) {
      fields.put("depends_on", job.waits().jobs().stream().map(NewJobJson::of).toList());
    }
    job.waits().signal().ifPresent(signal -> fields.put("signal", of(signal)));
    return fields;
  }

  private static Map<String, Object> of(Dependency dependency) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", dependency.on().toString());
    fields.put("if_failed", dependency.ifFailed().name());
    return fields;
  }

  private static Map<String, Object> of(SignalWait signal) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", signal.name());
    fields.put("timeout", Durations.write(signal.timeout()));
    fields.put("if_late", signal.ifLate().name());
    return fields;
  }

  /**
   * Refuses values that are not objects, or have unknown fields.
   *
   * @throws InvalidRequestException naming the first unknown field, and the known ones
   */
  public static void checkFields(String what, JsonNode node, Set<String> known) {
    if (!node.isObject()) {
      throw new InvalidRequestException(
          "%s must be a JSON object, was %s".formatted(what, Printable.brief(node.toString(), 60)));
    }
    for (String name : node.propertyNames()) {
      if (!known.contains(name)) {
        throw new InvalidRequestException(
            "field %s of %s is unknown: expected one of %s"
                .formatted(Printable.quoted(name), what, new TreeSet<>(known)));
      }
    }
  }
}
