package dev.holdfast.spi;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import java.util.List;
import java.util.Optional;

/**
 * The jobs of a restored queue that wait for a review: they had not finished when the backup was
 * made, and nobody knows what became of them since. No claim takes one of them before an operator
 * has decided.
 */
public interface ReviewStore {

  /** Reviews of a store that cannot be restored: no job waits for one. */
  ReviewStore NONE =
      new ReviewStore() {
        @Override
        public List<Uncertain> uncertain(Optional<JobId> after, int limit) {
          return List.of();
        }

        @Override
        public List<Changed> review(List<JobId> ids, Decision decision, String by) {
          return ids.stream().map(id -> new Changed(id, Optional.empty(), false)).toList();
        }
      };

  /**
   * A job that waits for a review.
   *
   * @param was its state when the backup was made
   */
  record Uncertain(Job job, JobState was) {}

  /** A decision about such a job. */
  enum Decision {
    /** Lets it go on as it would have then: it becomes PENDING, SCHEDULED, or stays BLOCKED. */
    RESUME,
    /** Cancels it, and the jobs that wait for it as their dependencies say. */
    DISCARD,
    /** Makes it COMPLETED without a result, as its work has been done. */
    DONE
  }

  /** Returns jobs that wait for a review in the order of their ids, after {@code after}. */
  List<Uncertain> uncertain(Optional<JobId> after, int limit);

  /**
   * Decides about jobs; those that do not wait for a review are left unchanged.
   *
   * @param by the actor, for their histories
   */
  List<Changed> review(List<JobId> ids, Decision decision, String by);
}
