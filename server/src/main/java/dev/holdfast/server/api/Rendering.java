package dev.holdfast.server.api;

import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.LogLine;
import dev.holdfast.Predecessor;
import dev.holdfast.QueueStatus;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.http.Json;
import dev.holdfast.http.Redaction;
import dev.holdfast.http.wire.JobEventJson;
import dev.holdfast.http.wire.JobJson;
import dev.holdfast.http.wire.LogLineJson;
import dev.holdfast.http.wire.PredecessorJson;
import dev.holdfast.http.wire.ScheduleStatusJson;
import dev.holdfast.http.wire.StatusJson;
import dev.holdfast.http.wire.StepJson;
import dev.holdfast.step.Step;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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

  JobJson job(Job job) {
    return JobJson.of(job, redaction);
  }

  List<JobJson> jobs(List<Job> jobs) {
    return jobs.stream().map(this::job).toList();
  }

  /** Renders the jobs of a list, without long payloads and results. */
  List<JobJson> listed(List<Job> jobs) {
    return jobs.stream().map(job -> JobJson.listed(job, redaction)).toList();
  }

  StatusJson health(QueueStatus status, Instant now) {
    return StatusJson.of(status, now, redaction);
  }

  ScheduleStatusJson schedule(ScheduleStatus schedule) {
    return ScheduleStatusJson.of(schedule, redaction);
  }

  List<PredecessorJson> predecessors(List<Predecessor> predecessors) {
    return predecessors.stream().map(one -> PredecessorJson.of(one, redaction)).toList();
  }

  List<StepJson> steps(List<Step> steps) {
    return steps.stream().map(step -> StepJson.of(step, redaction)).toList();
  }

  Map<String, Object> checkpoints(Map<String, String> states) {
    Map<String, String> clean = new LinkedHashMap<>(states);
    clean.replaceAll((name, state) -> redaction.of("checkpoint", state));
    return Json.ofCheckpoints(clean);
  }

  List<JobEventJson> events(Job job, List<JobEvent> events) {
    return events.stream().map(event -> JobEventJson.of(event, redaction, job)).toList();
  }

  List<LogLineJson> logs(List<LogLine> lines) {
    return lines.stream().map(line -> LogLineJson.of(line, redaction)).toList();
  }
}
