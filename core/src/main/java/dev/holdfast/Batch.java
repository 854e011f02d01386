package dev.holdfast;

import dev.holdfast.check.Limits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Jobs that run in parallel, and one that follows when all of them have ended. The follower reads
 * their results with {@link JobContext#results}.
 *
 * <p>Holds at most {@link Limits#ENQUEUE_BATCH_MAX} jobs. For more, enqueue the children first, in
 * portions and with ids from {@link JobQueue#newId}, then the follower with {@link
 * NewJob#after(OnPredecessorFailure, java.util.Collection)}; children that have ended by then count
 * as well. Beyond {@link Limits#DEPENDENCIES_MAX}, let one job follow each portion, and another
 * follow those.
 */
public final class Batch {
  private final List<NewJob> children;

  private Batch(List<NewJob> children) {
    this.children = List.copyOf(children);
  }

  /** Creates a batch of these jobs. */
  public static Batch of(NewJob... children) {
    return of(List.of(children));
  }

  /** Creates a batch of these jobs. */
  public static Batch of(List<NewJob> children) {
    return new Batch(children);
  }

  /** Adds the job that runs when all have completed; if one does not, it is cancelled. */
  public JobGraph then(NewJob follower) {
    return followed(OnPredecessorFailure.CANCEL, follower);
  }

  /** Adds the job that runs when all have ended, in any state. */
  public JobGraph thenInAnyCase(NewJob follower) {
    return followed(OnPredecessorFailure.RUN, follower);
  }

  private JobGraph followed(OnPredecessorFailure ifFailed, NewJob follower) {
    return ids -> {
      List<NewJob> named = children.stream().map(child -> named(child, ids)).toList();
      List<JobId> all = named.stream().map(child -> child.id().orElseThrow()).toList();
      List<NewJob> jobs = new ArrayList<>(named);
      jobs.add(follower.after(ifFailed, all));
      return jobs;
    };
  }

  private static NewJob named(NewJob job, Supplier<JobId> ids) {
    return job.withId(job.id().orElseGet(ids));
  }
}
