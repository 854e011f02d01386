package dev.holdfast;

import dev.holdfast.check.Limits;
import dev.holdfast.error.NotFoundException;
import java.util.List;
import java.util.UUID;

/** Actions on many jobs, selected by a filter. */
public interface BulkOperations {
  /** The maximum number of jobs that {@link #change} changes in one call. */
  int CHANGED_MAX = 1_000;

  /**
   * Applies an action to named jobs, as far as they match the filter of the request at that moment.
   *
   * @param ids the jobs, at most {@link #CHANGED_MAX}
   * @param by the actor, for the history
   * @return what became of each, in the order of the ids; a job that does not match is not done
   */
  List<JobQueue.Changed> change(BulkRequest request, List<JobId> ids, String by);

  /**
   * Starts a bulk operation, which nodes work off in the background. It survives the death of any
   * process.
   *
   * @param by the actor, for the history and the record
   */
  BulkOperation start(BulkRequest request, String by);

  /** Returns the newest bulk operations, newest first, at most {@link Limits#PAGE_MAX}. */
  List<BulkOperation> list();

  /**
   * Returns a bulk operation.
   *
   * @throws NotFoundException if there is none with this id
   */
  BulkOperation get(UUID id);

  /**
   * Stops a bulk operation. What it has done stays done.
   *
   * @return the operation; one that had ended is as it was
   * @throws NotFoundException if there is none with this id
   */
  BulkOperation cancel(UUID id);
}
