package dev.holdfast.torture.checker;

import dev.holdfast.Job;
import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.torture.evidence.Task;
import dev.holdfast.torture.host.Moment;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The evidence about one job from all sources.
 *
 * @param id the job
 * @param asked the first request of its producer, with its time; empty if there was none
 * @param answer the job that the call returned; empty if the outcome of all calls is unknown
 * @param lives the runs of its handler, in order
 * @param row its final row in the store
 * @param events its history in the store
 * @param logged the attempts with lines in its log; read only for jobs that write some
 * @param before its predecessor, as requested by its producer; empty if it has none
 * @param written the tokens under which handlers wrote a row in the transaction that completed it
 */
record JobCase(
    JobId id,
    Optional<Asked> asked,
    Optional<JobId> answer,
    List<Life> lives,
    Optional<Job> row,
    List<JobEvent> events,
    Set<Integer> logged,
    Optional<Before> before,
    List<Long> written) {

  /**
   * A predecessor.
   *
   * @param row its final row in the store
   * @param lives the runs of its handler
   */
  record Before(Optional<Job> row, List<Life> lives) {
    boolean isCompleted() {
      return row.filter(job -> job.state() == JobState.COMPLETED).isPresent();
    }
  }

  record Asked(Task task, Moment at) {}

  /** Returns whether its enqueue was acknowledged to the producer. */
  boolean isAcknowledged() {
    return answer.filter(id::equals).isPresent();
  }

  /** Returns whether its producer got another job for its key. */
  boolean isDuplicate() {
    return answer.isPresent() && !isAcknowledged();
  }

  boolean isIn(JobState state) {
    return row.filter(job -> job.state() == state).isPresent();
  }

  /** Returns the number of starts in its history. */
  long toldStarts() {
    return events.stream().filter(event -> event.to() == JobState.RUNNING).count();
  }
}
