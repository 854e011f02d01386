package dev.holdfast.jdbc.search;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.NodeId;
import dev.holdfast.Progress;
import dev.holdfast.jdbc.sql.Json;
import dev.holdfast.jdbc.sql.Micros;
import dev.holdfast.jdbc.sql.Row;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** Jobs from rows of the view {@code job_rows}, which is the same in all dialects. */
public final class JobRows {
  private JobRows() {}

  public static Job job(Row row) {
    return Job.builder()
        .id(new JobId(row.id("id")))
        .queue(row.text("queue"))
        .type(row.text("type"))
        .state(JobState.valueOf(row.text("state")))
        .payload(row.text("payload"))
        .payloadVersion(row.count("payload_version"))
        .priority(row.count("priority"))
        .runAt(row.instant("run_at"))
        .attempt(row.count("attempt"))
        .maxAttempts(row.count("max_attempts"))
        .crashes(row.count("crashes"))
        .lapses(row.count("lapses"))
        .token(row.number("token"))
        .timeout(row.maybeNumber("timeout_us").map(Micros::toDuration).orElse(null))
        .key(row.maybeText("idempotency_key").orElse(null))
        .group(row.maybeText("job_group").orElse(null))
        .tags(row.maybeText("tags").map(Json::texts).orElse(List.of()))
        .metadata(row.maybeText("metadata").orElse(null))
        .requires(row.maybeText("requires").orElse(null))
        .createdBy(row.maybeText("created_by").orElse(null))
        .progress(progress(row).orElse(null))
        .result(row.maybeText("result").orElse(null))
        .failure(failure(row).orElse(null))
        .holder(row.maybeId("node").map(node -> holder(row, node)).orElse(null))
        .createdAt(row.instant("created_at"))
        .startedAt(row.maybeInstant("started_at").orElse(null))
        .finishedAt(row.maybeInstant("finished_at").orElse(null))
        .interruptedAt(row.maybeInstant("interrupted_at").orElse(null))
        .updatedAt(row.instant("updated_at"))
        .build();
  }

  private static Optional<Progress> progress(Row row) {
    return row.maybeNumber("progress_percent")
        .map(percent -> new Progress(percent.intValue(), row.text("progress_message")));
  }

  /** Reads an event from a row of {@code job_events}. */
  public static JobEvent event(Row row) {
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
