package dev.holdfast.jdbc.store;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeId;
import dev.holdfast.Progress;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Jobs from rows of the view {@code job_rows}, which is the same in all dialects. */
final class JobRows {
  private JobRows() {}

  static Job job(Row row) {
    return new Job(
        new JobId(row.id("id")),
        row.text("queue"),
        row.text("type"),
        JobState.valueOf(row.text("state")),
        row.text("payload"),
        row.count("payload_version"),
        row.count("priority"),
        row.instant("run_at"),
        row.count("attempt"),
        row.count("max_attempts"),
        row.count("crashes"),
        row.number("token"),
        row.maybeNumber("timeout_us").map(Micros::toDuration),
        row.maybeText("idempotency_key"),
        row.maybeText("job_group"),
        row.maybeText("tags").map(Json::texts).orElse(List.of()),
        row.maybeText("metadata"),
        row.maybeText("requires"),
        row.maybeText("created_by"),
        progress(row),
        row.maybeText("result"),
        failure(row),
        row.maybeId("node").map(node -> holder(row, node)),
        row.instant("created_at"),
        row.maybeInstant("started_at"),
        row.maybeInstant("finished_at"),
        row.maybeInstant("interrupted_at"),
        row.instant("updated_at"));
  }

  private static Optional<Progress> progress(Row row) {
    return row.maybeNumber("progress_percent")
        .map(percent -> new Progress(percent.intValue(), row.text("progress_message")));
  }

  /** From a row of {@code job_events}. */
  static JobEvent event(Row row) {
    return new JobEvent(
        row.instant("at"),
        Optional.of(JobState.valueOf(row.text("from_state"))),
        JobState.valueOf(row.text("to_state")),
        row.text("by_whom"),
        row.text("why"),
        row.count("attempt"),
        failure(row));
  }

  private static Optional<Failure> failure(Row row) {
    return row.maybeText("failure_kind")
        .map(
            kind ->
                new Failure(
                    Failure.Kind.valueOf(kind),
                    row.text("failure_message"),
                    row.maybeText("failure_trace").orElse("")));
  }

  private static Job.Holder holder(Row row, UUID node) {
    return new Job.Holder(
        new NodeId(node),
        row.maybeText("node_name").orElse(""),
        row.maybeText("node_host").orElse(""),
        row.maybeNumber("node_process_id").orElse(0L));
  }
}
