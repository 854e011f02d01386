package dev.holdfast;

import java.util.List;
import java.util.function.Supplier;

/**
 * Jobs that wait for one another, to be enqueued all or none by {@link JobQueue#enqueue(Plan)}: a
 * {@link Chain}, a {@link Batch}, or what you make of {@link NewJob#after(JobId...)} yourself.
 */
@FunctionalInterface
public interface Plan {
  /**
   * The jobs, in the order in which the enqueue answers for them.
   *
   * @param ids gives each job that others name an id to name it by
   */
  List<NewJob> jobs(Supplier<JobId> ids);
}
