package dev.holdfast.http;

import dev.holdfast.Explanation;
import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.LogLine;
import dev.holdfast.Predecessor;
import dev.holdfast.Progress;
import dev.holdfast.RunNext;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Printable;
import dev.holdfast.check.UnicodeText;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.step.Step;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.ObjectMapper;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.util.RawValue;

/**
 * The wire form, which {@code --json} prints too: names in snake_case, instants as ISO 8601,
 * nothing left out.
 */
public final class Json {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .build();

  private static final ObjectReader EACH_NAME_ONCE =
      MAPPER.reader().with(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY);

  /** An escape of half a pair, whether the other half is there or not. */
  private static final Pattern SURROGATE = Pattern.compile("\\\\u[dD][89a-fA-F]");

  private Json() {}

  /** Writes maps, lists, texts, numbers and nodes. */
  public static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  /**
   * Encodes a value of a program, such as a payload, for use within other JSON.
   *
   * @param what the name of the value in the exception's message
   * @throws InvalidRequestException if it cannot be encoded
   */
  public static RawValue raw(String what, @Nullable Object value) {
    try {
      return new RawValue(MAPPER.writeValueAsString(value));
    } catch (JacksonException failure) {
      throw new InvalidRequestException(
          "%s cannot be written as JSON: %s"
              .formatted(what, Printable.brief(failure.getOriginalMessage(), 200)),
          failure);
    }
  }

  /**
   * Reads JSON.
   *
   * @throws InvalidRequestException if {@code text} is none; it says what {@code what} is
   */
  public static JsonNode read(String what, String text) {
    return read(MAPPER.reader(), what, text);
  }

  /**
   * Reads JSON whose objects name each member once: which of two would be meant is for nobody to
   * guess; and whose texts have whole characters.
   *
   * @throws InvalidRequestException if {@code text} is none; it says what {@code what} is
   */
  public static JsonNode readStrictly(String what, String text) {
    JsonNode node = read(EACH_NAME_ONCE, what, text);
    if (SURROGATE.matcher(text).find()) {
      checkTexts(what, node);
    }
    return node;
  }

  private static void checkTexts(String what, JsonNode node) {
    if (node.isString()) {
      UnicodeText.check(what, node.stringValue());
    }
    node.propertyNames().forEach(name -> UnicodeText.check(what, name));
    node.values().forEach(value -> checkTexts(what, value));
  }

  private static JsonNode read(ObjectReader reader, String what, String text) {
    JsonNode node;
    try {
      node = reader.readTree(text);
    } catch (JacksonException malformed) {
      throw new InvalidRequestException(
          "%s is no JSON: %s".formatted(what, Printable.brief(told(malformed), 200)), malformed);
    }
    if (node.isMissingNode()) {
      throw new InvalidRequestException(what + " is empty: expected JSON, such as {} or null");
    }
    return node;
  }

  /** Returns the parser's message without the parser settings that it names in backquotes. */
  private static String told(JacksonException malformed) {
    return malformed
        .getOriginalMessage()
        .replaceAll(",? from `[^`]*`", "")
        .replaceAll(" \\([^()]*`[^`]*`[^()]*\\)", "")
        .replaceFirst("(?s):?( for| not allowed as per| not allowed when)? `.*", "");
  }

  /** The members of an object, which may be given as {@code what}. */
  public static Map<String, Object> object(String what, JsonNode node) {
    if (!node.isObject()) {
      throw new InvalidRequestException("%s must be a JSON object, was %s".formatted(what, node));
    }
    return MAPPER.convertValue(node, new TypeReference<Map<String, Object>>() {});
  }

  /** A job as one flat object, with everything. */
  public static Map<String, @Nullable Object> of(Job job) {
    return of(job, Redaction.none());
  }

  /** A job as one flat object, without what is secret. */
  public static Map<String, @Nullable Object> of(Job job, Redaction redaction) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", job.id().toString());
    fields.put("queue", job.queue());
    fields.put("type", job.type());
    fields.put("state", job.state().name());
    fields.put("priority", job.priority());
    fields.put("attempt", job.attempt());
    fields.put("max_attempts", job.maxAttempts());
    fields.put("crashes", job.crashes());
    fields.put("lapses", job.lapses());
    fields.put("progress", job.progress().map(Progress::percent).orElse(null));
    fields.put("progress_message", job.progress().map(Progress::message).orElse(null));
    fields.put("group", job.group().orElse(null));
    fields.put("key", job.key().orElse(null));
    fields.put("tags", job.tags());
    fields.put("metadata", raw(job.metadata().map(json -> redaction.of("metadata", json))));
    fields.put("requires", raw(job.requires()));
    fields.put("created_by", job.createdBy().orElse(null));
    fields.put(
        "timeout_seconds", job.timeout().map(limit -> limit.toMillis() / 1000.0).orElse(null));
    fields.put("payload", new RawValue(redaction.of("payload", job.payload())));
    fields.put("payload_version", job.payloadVersion());
    fields.put("result", raw(job.result().map(json -> redaction.of("result", json))));
    fields.put("failure", job.failure().map(why -> of(redaction.of(why, job))).orElse(null));
    fields.put("token", job.token());
    fields.put("node", job.holder().map(holder -> holder.node().toString()).orElse(null));
    fields.put("worker", job.holder().map(Job.Holder::name).orElse(null));
    fields.put("host", job.holder().map(Job.Holder::host).orElse(null));
    fields.put("process_id", job.holder().map(Job.Holder::processId).orElse(null));
    fields.put("created_at", job.createdAt().toString());
    fields.put("run_at", job.runAt().toString());
    fields.put("started_at", text(job.startedAt()));
    fields.put("finished_at", text(job.finishedAt()));
    fields.put("interrupted_at", text(job.interruptedAt()));
    fields.put("updated_at", job.updatedAt().toString());
    return fields;
  }

  /**
   * A job of a list, as {@link #of(Job, Redaction)}, but null for a payload or a result of more
   * than {@link Limits#LISTED_CHARS_MAX} characters; {@code omitted} names these.
   */
  public static Map<String, @Nullable Object> listed(Job job, Redaction redaction) {
    Map<String, @Nullable Object> fields = of(job, redaction);
    List<String> omitted = new ArrayList<>();
    if (isLong(job.payload())) {
      omitted.add("payload");
    }
    if (job.result().filter(Json::isLong).isPresent()) {
      omitted.add("result");
    }
    omitted.forEach(name -> fields.put(name, null));
    if (!omitted.isEmpty()) {
      fields.put("omitted", omitted);
    }
    return fields;
  }

  private static boolean isLong(String json) {
    return json.length() > Limits.LISTED_CHARS_MAX;
  }

  /** Why an attempt failed. */
  public static Map<String, Object> of(Failure failure) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", failure.kind().name());
    fields.put("message", failure.message());
    fields.put("trace", failure.trace());
    return fields;
  }

  /** One line of a history, with everything. */
  public static Map<String, @Nullable Object> of(JobEvent event) {
    return of(event, event.failure());
  }

  /** One line of a job's history, without what is secret in its failure. */
  public static Map<String, @Nullable Object> of(JobEvent event, Redaction redaction, Job job) {
    return of(event, event.failure().map(why -> redaction.of(why, job)));
  }

  private static Map<String, @Nullable Object> of(JobEvent event, Optional<Failure> failure) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("at", event.at().toString());
    fields.put("from", event.from().map(Enum::name).orElse(null));
    fields.put("to", event.to().name());
    fields.put("by", event.by());
    fields.put("why", event.why());
    fields.put("attempt", event.attempt());
    fields.put("failure", failure.map(Json::of).orElse(null));
    return fields;
  }

  /** One line of a log, with everything. */
  public static Map<String, @Nullable Object> of(LogLine line) {
    return of(line, Redaction.none());
  }

  /** One line of a log, without what is secret in its details. */
  public static Map<String, @Nullable Object> of(LogLine line, Redaction redaction) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("job_id", line.job().toString());
    fields.put("attempt", line.attempt());
    fields.put("at", line.at().toString());
    fields.put("level", line.level().name());
    fields.put("message", line.message());
    fields.put("details", raw(line.details().map(json -> redaction.of("details", json))));
    return fields;
  }

  /** Why a job is where it is. */
  public static Map<String, @Nullable Object> of(Explanation explanation) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", explanation.job().id().toString());
    fields.put("queue", explanation.job().queue());
    fields.put("type", explanation.job().type());
    fields.put("state", explanation.job().state().name());
    fields.put("reasons", explanation.reasons().stream().map(Json::of).toList());
    return fields;
  }

  private static Map<String, Object> of(Explanation.Reason reason) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("code", reason.code().name());
    fields.put("text", reason.text());
    fields.put("advice", reason.advice());
    return fields;
  }

  /** A job that another one waits for, without what is secret in its result. */
  public static Map<String, @Nullable Object> of(Predecessor predecessor, Redaction redaction) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("position", predecessor.position());
    fields.put("id", predecessor.id().toString());
    fields.put("type", predecessor.type());
    fields.put("state", predecessor.state().name());
    fields.put("result", raw(predecessor.result().map(json -> redaction.of("result", json))));
    fields.put("if_failed", predecessor.ifFailed().name());
    fields.put("open", predecessor.isOpen());
    return fields;
  }

  /** Returns the JSON for the effect of an action on one job. */
  public static Map<String, @Nullable Object> of(Changed changed) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("id", changed.id().toString());
    fields.put("before", changed.before().map(Enum::name).orElse(null));
    fields.put("done", changed.done());
    changed.heldBy().ifPresent(holder -> fields.put("held_by", holder));
    fields.put("dependents", changed.dependents());
    return fields;
  }

  /** Returns the JSON for the effect of {@code runNext}. */
  public static Map<String, @Nullable Object> of(RunNext answer) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("started", answer.started());
    fields.put("job_ids", answer.jobIds().stream().map(JobId::toString).toList());
    fields.put("pending", answer.pending());
    fields.put("message", answer.message());
    return fields;
  }

  /** The jobs that something was done to: {@code {"count": …, "job_ids": […]}}. */
  public static Map<String, @Nullable Object> ofJobs(long count, List<JobId> jobs) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("count", count);
    fields.put("job_ids", jobs.stream().map(JobId::toString).toList());
    return fields;
  }

  /** Saved states by name. */
  public static Map<String, Object> ofCheckpoints(Map<String, String> states) {
    Map<String, Object> fields = new LinkedHashMap<>();
    states.forEach((name, state) -> fields.put(name, new RawValue(state)));
    return fields;
  }

  /** Returns the JSON for a step of a job. */
  public static Map<String, @Nullable Object> of(Step step, Redaction redaction) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("position", step.position());
    fields.put("name", step.name());
    fields.put("kind", step.kind().name());
    fields.put("attempt", step.attempt());
    fields.put("started_at", step.startedAt().toString());
    fields.put("finished_at", text(step.finishedAt()));
    fields.put("until", text(step.until()));
    fields.put("result", raw(step.result().map(json -> redaction.of("step", json))));
    return fields;
  }

  private static @Nullable RawValue raw(Optional<String> json) {
    return json.map(RawValue::new).orElse(null);
  }

  private static @Nullable String text(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse(null);
  }
}
