package dev.holdfast;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * Jobs that run beside each other, and one that follows when all of them have ended. That one reads
 * what they returned by {@link JobContext#results}.
 *
 * <p>Together at most {@link Limits#ENQUEUE_BATCH_MAX}. Where there are more, enqueue the children
 * first, in portions and with ids from {@link JobQueue#newId}, then the follower with {@link
 * NewJob#after(IfFailed, java.util.Collection)}; children that have ended by then count as well.
 * Beyond {@link Limits#DEPENDENCIES_MAX}, let a job follow each portion, and one follow those.
 */
public final class Batch {
  private final List<NewJob> children;

  private Batch(List<NewJob> children) {
    this.children = List.copyOf(children);
  }

  /** A batch of these. */
  public static Batch of(NewJob... children) {
    return of(List.of(children));
  }

  /** A batch of these. */
  public static Batch of(List<NewJob> children) {
    return new Batch(children);
  }

  /** Followed by this job when all have completed; if one does not, this job is cancelled. */
  public Plan then(NewJob follower) {
    return followed(IfFailed.CANCEL, follower);
  }

  /** Followed by this job when all have ended, in whatever way. */
  public Plan thenInAnyCase(NewJob follower) {
    return followed(IfFailed.RUN, follower);
  }

  private Plan followed(IfFailed ifFailed, NewJob follower) {
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
