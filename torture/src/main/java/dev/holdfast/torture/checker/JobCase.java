package dev.holdfast.torture.checker;

import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.torture.evidence.Task;
import dev.holdfast.torture.host.Moment;
import java.util.List;
import java.util.Optional;

/**
 * All that is known of one job, by all who wrote it down.
 *
 * @param id the job
 * @param asked what its producer asked for, and when it did so first; empty if nobody did
 * @param answer the job that was answered; empty if the outcome of each call is unknown
 * @param lives the runs of its handler, in the order of time
 * @param row what the store says of it in the end
 * @param events what the store says of its history
 */
record JobCase(
    JobId id,
    Optional<Asked> asked,
    Optional<JobId> answer,
    List<Life> lives,
    Optional<Job> row,
    List<JobEvent> events) {

  record Asked(Task task, Moment at) {}

  /** Whether its producer was told that it is durable. */
  boolean isAcknowledged() {
    return answer.filter(id::equals).isPresent();
  }

  /** Whether its producer was told that there is another job with its key. */
  boolean isDuplicate() {
    return answer.isPresent() && !isAcknowledged();
  }

  boolean isIn(JobState state) {
    return row.filter(job -> job.state() == state).isPresent();
  }

  /** How often the history says that it was started. */
  long toldStarts() {
    return events.stream().filter(event -> event.to() == JobState.RUNNING).count();
  }
}
