package dev.holdfast.http.client;

import dev.holdfast.Enqueued;
import dev.holdfast.Explanation;
import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.LogLine;
import dev.holdfast.NodeId;
import dev.holdfast.OnPredecessorFailure;
import dev.holdfast.Page;
import dev.holdfast.PageCursor;
import dev.holdfast.Predecessor;
import dev.holdfast.Progress;
import dev.holdfast.http.Fields;
import dev.holdfast.step.Step;
import dev.holdfast.step.StepKind;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.slf4j.event.Level;

/** Jobs and what belongs to them, read from their wire form. */
final class JobReader {
  private JobReader() {}

  static Job job(Fields job) {
    return Job.builder()
        .id(job.jobId("id"))
        .queue(job.text("queue"))
        .type(job.text("type"))
        .state(job.word("state", JobState.class))
        .payload(job.any("payload").toString())
        .payloadVersion(job.count("payload_version"))
        .priority(job.count("priority"))
        .runAt(job.instant("run_at"))
        .attempt(job.count("attempt"))
        .maxAttempts(job.count("max_attempts"))
        .crashes(job.count("crashes"))
        .lapses(job.maybeNumber("lapses").map(Math::toIntExact).orElse(0))
        .token(job.number("token"))
        .timeout(job.maybeSeconds("timeout_seconds").orElse(null))
        .key(job.maybeText("key").orElse(null))
        .group(job.maybeText("group").orElse(null))
        .tags(job.texts("tags"))
        .metadata(job.maybeJson("metadata").orElse(null))
        .requires(job.maybeJson("requires").orElse(null))
        .createdBy(job.maybeText("created_by").orElse(null))
        .progress(progress(job).orElse(null))
        .result(job.maybeJson("result").orElse(null))
        .failure(job.maybeObject("failure").map(JobReader::failure).orElse(null))
        .holder(holder(job).orElse(null))
        .createdAt(job.instant("created_at"))
        .startedAt(job.maybeInstant("started_at").orElse(null))
        .finishedAt(job.maybeInstant("finished_at").orElse(null))
        .interruptedAt(job.maybeInstant("interrupted_at").orElse(null))
        .updatedAt(job.instant("updated_at"))
        .build();
  }

  private static Optional<Progress> progress(Fields job) {
    return job.isNull("progress")
        ? Optional.empty()
        : Optional.of(
            new Progress(job.count("progress"), job.maybeText("progress_message").orElse("")));
  }

  private static Optional<Job.Holder> holder(Fields job) {
    return job.isNull("node")
        ? Optional.empty()
        : Optional.of(
            new Job.Holder(
                node(job, "node"), job.text("worker"), job.text("host"), job.number("process_id")));
  }

  static NodeId node(Fields fields, String name) {
    return new NodeId(UUID.fromString(fields.text(name)));
  }

  private static Failure failure(Fields failure) {
    return new Failure(
        failure.word("kind", Failure.Kind.class), failure.text("message"), failure.text("trace"));
  }

  static Page<Job> page(Fields page) {
    List<Job> jobs = page.list("jobs", JobReader::job);
    Optional<PageCursor> next = page.maybeText("next").map(PageCursor::parse);
    return page.has("searched")
        ? new Page<>(jobs, next, page.number("searched"), page.flag("complete"))
        : new Page<>(jobs, next);
  }

  static Enqueued enqueued(Fields enqueued) {
    return new Enqueued(enqueued.jobId("id"), enqueued.flag("duplicate"));
  }

  static JobEvent event(Fields event) {
    return new JobEvent(
        event.instant("at"),
        event.isNull("from") ? Optional.empty() : Optional.of(event.word("from", JobState.class)),
        event.word("to", JobState.class),
        event.text("by"),
        event.text("why"),
        event.count("attempt"),
        event.maybeObject("failure").map(JobReader::failure));
  }

  static LogLine logLine(Fields line) {
    return new LogLine(
        line.jobId("job_id"),
        line.count("attempt"),
        line.instant("at"),
        line.word("level", Level.class),
        line.text("message"),
        line.maybeJson("details"));
  }

  static Explanation.Reason reason(Fields reason) {
    return new Explanation.Reason(
        reason.word("code", Explanation.Code.class), reason.text("text"), reason.text("advice"));
  }

  static Predecessor predecessor(Fields predecessor) {
    return new Predecessor(
        predecessor.count("position"),
        predecessor.jobId("id"),
        predecessor.text("type"),
        predecessor.word("state", JobState.class),
        predecessor.maybeJson("result"),
        predecessor.word("if_failed", OnPredecessorFailure.class),
        predecessor.flag("open"));
  }

  static Step step(Fields step) {
    return new Step(
        step.count("position"),
        step.text("name"),
        step.word("kind", StepKind.class),
        step.count("attempt"),
        step.instant("started_at"),
        step.maybeInstant("finished_at"),
        step.maybeInstant("until"),
        step.maybeJson("result"));
  }

  static Changed changed(Fields changed) {
    return new Changed(
        changed.jobId("id"),
        changed.isNull("before")
            ? Optional.empty()
            : Optional.of(changed.word("before", JobState.class)),
        changed.flag("done"),
        changed.maybeText("held_by"),
        changed.isNull("dependents") ? 0 : changed.count("dependents")); // older servers count none
  }

  static Map<String, String> checkpoints(Fields answer) {
    Fields states = answer.object("checkpoints");
    Map<String, String> checkpoints = new LinkedHashMap<>();
    states
        .node()
        .propertyNames()
        .forEach(name -> checkpoints.put(name, states.any(name).toString()));
    return checkpoints;
  }
}
