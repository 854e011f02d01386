package dev.holdfast.cli.export;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.LogLine;
import dev.holdfast.NodeId;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.OnSignalTimeout;
import dev.holdfast.Progress;
import dev.holdfast.http.Fields;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.FailureJson;
import dev.holdfast.http.wire.JobEventJson;
import dev.holdfast.http.wire.JobJson;
import dev.holdfast.http.wire.LogLineJson;
import dev.holdfast.spi.record.JobRecord;
import dev.holdfast.spi.record.KeyRecord;
import dev.holdfast.step.Step;
import dev.holdfast.step.StepKind;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.event.Level;

/**
 * Converts jobs to lines of an export, and back. The fields of {@code list --json} come first;
 * other fields add what those do not express exactly.
 */
final class RecordJson {
  private RecordJson() {}

  static Map<String, @Nullable Object> of(JobRecord record, ExportRedaction exportRedaction) {
    Job job = record.job();
    Map<String, @Nullable Object> fields = Json.fields(JobJson.of(job));
    ExactJson.put(fields, "payload", exportRedaction.of("payload", job.payload()));
    ExactJson.put(fields, "result", exportRedaction.of("result", job.result()));
    ExactJson.put(fields, "metadata", exportRedaction.of("metadata", job.metadata()));
    job.failure()
        .ifPresent(
            why ->
                fields.put("failure", Json.fields(FailureJson.of(exportRedaction.of(why, job)))));
    ExactJson.put(fields, "requires", job.requires());
    fields.put("timeout_us", job.timeout().map(limit -> limit.toNanos() / 1_000).orElse(null));
    fields.put("rank", record.rank());
    fields.put("key_until", text(record.keyUntil()));
    fields.put("progress_at", text(record.progressAt()));
    fields.put(
        "events", record.events().stream().map(event -> of(event, job, exportRedaction)).toList());
    fields.put(
        "checkpoints",
        record.checkpoints().stream().map(saved -> of(saved, exportRedaction)).toList());
    if (!record.steps().isEmpty()) {
      fields.put("steps", record.steps().stream().map(step -> of(step, exportRedaction)).toList());
    }
    if (!record.waiting().equals(JobRecord.Waiting.none())) {
      fields.put("waiting", of(record.waiting(), exportRedaction));
    }
    fields.put("logs", logs(record.logs(), exportRedaction));
    return fields;
  }

  private static Map<String, Object> of(
      JobRecord.Waiting waiting, ExportRedaction exportRedaction) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("open", waiting.open());
    fields.put("awaited", waiting.awaited());
    fields.put("jobs", waiting.jobs().stream().map(RecordJson::of).toList());
    fields.put(
        "signals", waiting.signals().stream().map(sent -> of(sent, exportRedaction)).toList());
    return fields;
  }

  private static Map<String, @Nullable Object> of(
      JobRecord.Signal signal, ExportRedaction exportRedaction) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", signal.name());
    ExactJson.put(fields, "payload", exportRedaction.of("signal", signal.payload()));
    fields.put("sent_at", text(signal.sentAt()));
    fields.put("sent_by", signal.sentBy());
    fields.put("awaited_until", text(signal.awaitedUntil()));
    fields.put("if_late", signal.ifLate().map(OnSignalTimeout::name).orElse(null));
    return fields;
  }

  private static Map<String, @Nullable Object> of(JobRecord.Wait wait) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("position", wait.position());
    fields.put("on", wait.on().toString());
    fields.put("if_failed", wait.ifFailed().name());
    fields.put("satisfied_at", text(wait.satisfiedAt()));
    return fields;
  }

  static List<Map<String, @Nullable Object>> logs(
      List<LogLine> lines, ExportRedaction exportRedaction) {
    return lines.stream().map(line -> of(line, exportRedaction)).toList();
  }

  static Map<String, Object> of(KeyRecord key) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("orphaned_key", key.key());
    fields.put("group", key.group());
    fields.put("type", key.type());
    fields.put("job_id", key.job().toString());
    fields.put("until", key.until().toString());
    return fields;
  }

  private static Map<String, @Nullable Object> of(
      JobRecord.Event stored, Job job, ExportRedaction exportRedaction) {
    Map<String, @Nullable Object> fields = Json.fields(JobEventJson.of(stored.event()));
    stored
        .event()
        .failure()
        .ifPresent(
            why ->
                fields.put("failure", Json.fields(FailureJson.of(exportRedaction.of(why, job)))));
    fields.put("node", stored.node().map(NodeId::toString).orElse(null));
    fields.put("run_at", stored.runAt().toString());
    fields.put("started_at", text(stored.startedAt()));
    fields.put("finished_at", text(stored.finishedAt()));
    return fields;
  }

  private static Map<String, @Nullable Object> of(
      JobRecord.Checkpoint saved, ExportRedaction exportRedaction) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("name", saved.name());
    ExactJson.put(fields, "state", exportRedaction.of("checkpoint", saved.state()));
    fields.put("attempt", saved.attempt());
    fields.put("saved_at", saved.savedAt().toString());
    return fields;
  }

  private static Map<String, @Nullable Object> of(Step step, ExportRedaction exportRedaction) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("position", step.position());
    fields.put("name", step.name());
    fields.put("kind", step.kind().name());
    fields.put("attempt", step.attempt());
    fields.put("started_at", step.startedAt().toString());
    fields.put("finished_at", text(step.finishedAt()));
    fields.put("until", text(step.until()));
    ExactJson.put(fields, "result", exportRedaction.of("step", step.result()));
    return fields;
  }

  private static Map<String, @Nullable Object> of(LogLine line, ExportRedaction exportRedaction) {
    Map<String, @Nullable Object> fields = Json.fields(LogLineJson.of(line));
    fields.remove("job_id");
    ExactJson.put(fields, "details", exportRedaction.of("details", line.details()));
    return fields;
  }

  private static @Nullable String text(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse(null);
  }

  static JobRecord record(Fields fields) {
    JobId id = JobId.parse(fields.text("id"));
    return new JobRecord(
        job(id, fields),
        fields.number("rank"),
        fields.maybeInstant("key_until"),
        fields.maybeInstant("progress_at"),
        fields.list("events", RecordJson::event),
        fields.list("checkpoints", RecordJson::checkpoint),
        fields.has("steps") ? fields.list("steps", RecordJson::step) : List.of(),
        fields.maybeObject("waiting").map(RecordJson::waiting).orElse(JobRecord.Waiting.none()),
        logLines(id, fields));
  }

  private static Job job(JobId id, Fields fields) {
    return Job.builder()
        .id(id)
        .queue(fields.text("queue"))
        .type(fields.text("type"))
        .state(fields.word("state", JobState.class))
        .payload(ExactJson.get(fields, "payload"))
        .payloadVersion(fields.count("payload_version"))
        .priority(fields.count("priority"))
        .runAt(fields.instant("run_at"))
        .attempt(fields.count("attempt"))
        .maxAttempts(fields.count("max_attempts"))
        .crashes(fields.count("crashes"))
        .lapses(fields.maybeNumber("lapses").map(Math::toIntExact).orElse(0))
        .token(fields.number("token"))
        .timeout(
            fields
                .maybeNumber("timeout_us")
                .map(limit -> Duration.of(limit, ChronoUnit.MICROS))
                .orElse(null))
        .key(fields.maybeText("key").orElse(null))
        .group(fields.maybeText("group").orElse(null))
        .tags(fields.texts("tags"))
        .metadata(ExactJson.maybe(fields, "metadata").orElse(null))
        .requires(ExactJson.maybe(fields, "requires").orElse(null))
        .createdBy(fields.maybeText("created_by").orElse(null))
        .progress(
            fields
                .maybeNumber("progress")
                .map(percent -> new Progress(percent.intValue(), fields.text("progress_message")))
                .orElse(null))
        .result(ExactJson.maybe(fields, "result").orElse(null))
        .failure(failure(fields).orElse(null))
        .holder(holder(fields).orElse(null))
        .createdAt(fields.instant("created_at"))
        .startedAt(fields.maybeInstant("started_at").orElse(null))
        .finishedAt(fields.maybeInstant("finished_at").orElse(null))
        .interruptedAt(fields.maybeInstant("interrupted_at").orElse(null))
        .updatedAt(fields.instant("updated_at"))
        .build();
  }

  private static Optional<Failure> failure(Fields fields) {
    return fields
        .maybeObject("failure")
        .map(
            failure ->
                new Failure(
                    failure.word("kind", Failure.Kind.class),
                    failure.text("message"),
                    failure.text("trace")));
  }

  private static Optional<Job.Holder> holder(Fields fields) {
    return node(fields)
        .map(
            node ->
                new Job.Holder(
                    node, fields.text("worker"), fields.text("host"), fields.number("process_id")));
  }

  private static Optional<NodeId> node(Fields fields) {
    return fields.maybeText("node").map(text -> new NodeId(uuid(text)));
  }

  private static UUID uuid(String text) {
    return JobId.parse(text).value();
  }

  private static JobRecord.Event event(Fields fields) {
    JobEvent event =
        new JobEvent(
            fields.instant("at"),
            Optional.of(fields.word("from", JobState.class)),
            fields.word("to", JobState.class),
            fields.text("by"),
            fields.text("why"),
            fields.count("attempt"),
            failure(fields));
    return new JobRecord.Event(
        event,
        fields.instant("run_at"),
        fields.maybeInstant("started_at"),
        fields.maybeInstant("finished_at"),
        node(fields));
  }

  private static JobRecord.Checkpoint checkpoint(Fields fields) {
    return new JobRecord.Checkpoint(
        fields.text("name"),
        ExactJson.get(fields, "state"),
        fields.count("attempt"),
        fields.instant("saved_at"));
  }

  private static Step step(Fields fields) {
    return new Step(
        fields.count("position"),
        fields.text("name"),
        fields.word("kind", StepKind.class),
        fields.count("attempt"),
        fields.instant("started_at"),
        fields.maybeInstant("finished_at"),
        fields.maybeInstant("until"),
        ExactJson.maybe(fields, "result"));
  }

  private static JobRecord.Waiting waiting(Fields fields) {
    return new JobRecord.Waiting(
        fields.count("open"),
        fields.count("awaited"),
        fields.list("jobs", RecordJson::wait),
        fields.list("signals", RecordJson::signal));
  }

  private static JobRecord.Signal signal(Fields fields) {
    return new JobRecord.Signal(
        fields.text("name"),
        ExactJson.maybe(fields, "payload"),
        fields.maybeInstant("sent_at"),
        fields.text("sent_by"),
        fields.maybeInstant("awaited_until"),
        fields.isNull("if_late")
            ? Optional.empty()
            : Optional.of(fields.word("if_late", OnSignalTimeout.class)));
  }

  private static JobRecord.Wait wait(Fields fields) {
    return new JobRecord.Wait(
        fields.count("position"),
        JobId.parse(fields.text("on")),
        fields.word("if_failed", OnPredecessorFailure.class),
        fields.maybeInstant("satisfied_at"));
  }

  static List<LogLine> logLines(JobId id, Fields fields) {
    return fields.list(
        "logs",
        line ->
            new LogLine(
                id,
                line.count("attempt"),
                line.instant("at"),
                line.word("level", Level.class),
                line.text("message"),
                ExactJson.maybe(line, "details")));
  }

  static KeyRecord key(Fields fields) {
    return new KeyRecord(
        fields.text("group"),
        fields.text("type"),
        fields.text("orphaned_key"),
        JobId.parse(fields.text("job_id")),
        fields.instant("until"));
  }
}
