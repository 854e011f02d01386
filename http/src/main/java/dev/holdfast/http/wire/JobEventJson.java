package dev.holdfast.http.wire;

import dev.holdfast.Failure;
import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobState;
import dev.holdfast.http.Redaction;
import java.time.Instant;
import java.util.Optional;

/** Wire form of a {@link JobEvent}: one line of a job's history. */
public record JobEventJson(
    Instant at,
    Optional<JobState> from,
    JobState to,
    String by,
    String why,
    int attempt,
    Optional<FailureJson> failure) {

  /** Returns an event with everything. */
  public static JobEventJson of(JobEvent event) {
    return of(event, event.failure());
  }

  /** Returns an event of a job without what is secret in its failure. */
  public static JobEventJson of(JobEvent event, Redaction redaction, Job job) {
    return of(event, event.failure().map(why -> redaction.of(why, job)));
  }

  private static JobEventJson of(JobEvent event, Optional<Failure> failure) {
    return new JobEventJson(
        event.at(),
        event.from(),
        event.to(),
        event.by(),
        event.why(),
        event.attempt(),
        failure.map(FailureJson::of));
  }

  /** Returns the event. */
  public JobEvent event() {
    return new JobEvent(at, from, to, by, why, attempt, failure.map(FailureJson::failure));
  }
}
