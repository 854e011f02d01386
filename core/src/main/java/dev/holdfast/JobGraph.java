package dev.holdfast;

import java.util.List;
import java.util.function.Supplier;

/**
 * Jobs that depend on one another, enqueued all or none by {@link JobQueue#enqueue(JobGraph)}: a
 * {@link Chain}, a {@link Batch}, or your own graph built with {@link NewJob#after(JobId...)}.
 */
@FunctionalInterface
public interface JobGraph {
  /**
   * Returns the jobs, in the order of the results of the enqueue.
   *
   * @param ids creates an id for each job that others wait for
   */
  List<NewJob> jobs(Supplier<JobId> ids);
}
