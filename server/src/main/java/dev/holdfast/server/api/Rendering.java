package dev.holdfast.server.api;

import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.LogLine;
import dev.holdfast.Predecessor;
import dev.holdfast.QueueStatus;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.http.HealthJson;
import dev.holdfast.http.Json;
import dev.holdfast.http.Redaction;
import dev.holdfast.http.ScheduleJson;
import dev.holdfast.step.Step;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.util.RawValue;

/**
 * Converts jobs and related records to JSON for callers; the one place where redaction is applied.
 */
public final class Rendering {
  private final Redaction redaction;

  /** Creates a rendering with this redaction. */
  public Rendering(Redaction redaction) {
    this.redaction = redaction;
  }

  /** Returns the selection that does not reveal what this hides. */
  Selection selection() {
    return new Selection(redaction);
  }

  Map<String, @Nullable Object> job(Job job) {
    return Json.of(job, redaction);
  }

  List<Map<String, @Nullable Object>> jobs(List<Job> jobs) {
    return jobs.stream().map(this::job).toList();
  }

  /** Renders the jobs of a list, without long payloads and results. */
  List<Map<String, @Nullable Object>> listed(List<Job> jobs) {
    return jobs.stream().map(job -> Json.listed(job, redaction)).toList();
  }

  Map<String, @Nullable Object> health(QueueStatus status, Instant now) {
    return new HealthJson(now, redaction).of(status);
  }

  Map<String, @Nullable Object> schedule(ScheduleStatus schedule) {
    Map<String, @Nullable Object> fields = ScheduleJson.of(schedule);
    fields.put("job", new RawValue(redaction.of("", schedule.job())));
    return fields;
  }

  List<Map<String, @Nullable Object>> predecessors(List<Predecessor> predecessors) {
    return predecessors.stream().map(one -> Json.of(one, redaction)).toList();
  }

  List<Map<String, @Nullable Object>> steps(List<Step> steps) {
    return steps.stream().map(step -> Json.of(step, redaction)).toList();
  }

  Map<String, Object> checkpoints(Map<String, String> states) {
    Map<String, String> clean = new LinkedHashMap<>(states);
    clean.replaceAll((name, state) -> redaction.of("checkpoint", state));
    return Json.ofCheckpoints(clean);
  }

  Map<String, @Nullable Object> events(Job job, List<JobEvent> events) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("events", events.stream().map(event -> Json.of(event, redaction, job)).toList());
    return fields;
  }

  Map<String, @Nullable Object> logs(List<LogLine> lines) {
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("logs", lines.stream().map(line -> Json.of(line, redaction)).toList());
    return fields;
  }
}
