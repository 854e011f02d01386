package dev.holdfast.http;

import dev.holdfast.Durations;
import dev.holdfast.IfFailed;
import dev.holdfast.IfLate;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.Printable;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToIntFunction;
import tools.jackson.databind.JsonNode;

/** Jobs to be, in their wire form. */
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

  private NewJobJson() {}

  /**
   * Reads a job.
   *
   * @param attempts how many attempts a job of a type has that does not say it itself
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
      throw new InvalidRequestException("a job takes run_at or delay, both were given");
    }
    if (!fields.isNull("run_at")) {
      return job.at(fields.instant("run_at"));
    }
    return fields.isNull("delay") ? job : job.in(Durations.parse(fields.text("delay")));
  }

  private static NewJob waiting(NewJob job, Fields fields) {
    NewJob waiting = job;
    IfFailed ifFailed =
        fields.isNull("if_failed") ? IfFailed.CANCEL : fields.word("if_failed", IfFailed.class);
    if (!fields.isNull("depends_on")) {
      waiting = job.after(ifFailed, fields.texts("depends_on").stream().map(JobId::parse).toList());
    }
    if (!fields.isNull("signal")) {
      checkFields("signal", fields.any("signal"), SIGNAL_FIELDS);
      Fields signal = new Fields(fields.any("signal"));
      waiting =
          waiting.untilSignal(
              signal.text("name"),
              Durations.parse(signal.text("timeout")),
              signal.isNull("if_late") ? IfLate.FAIL : signal.word("if_late", IfLate.class));
    }
    return waiting;
  }

  /**
   * Refuses what is no object, or has other fields.
   *
   * @throws InvalidRequestException naming the first of them, and those that are known
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
                .formatted(Printable.quoted(name), what, known));
      }
    }
  }
}
