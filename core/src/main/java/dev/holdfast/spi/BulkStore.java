package dev.holdfast.spi;

import dev.holdfast.BulkOperation;
import dev.holdfast.BulkRequest;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.check.Limits;
import dev.holdfast.error.ConflictException;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The part of a {@link JobStore} that changes many jobs by a filter. */
public interface BulkStore {
  /** Bulk operations that are kept: with a new one, older ones that have ended are removed. */
  int KEPT = 1_000;

  /** See {@link dev.holdfast.BulkOperations#change}. */
  List<Changed> change(BulkRequest request, List<JobId> ids, String by);

  /**
   * Writes a new bulk operation; ages in its filter are resolved by the clock of the store.
   *
   * @throws ConflictException if {@link Limits#BULK_OPERATIONS_MAX} are running
   */
  BulkOperation start(UUID id, BulkRequest request, String by);

  /**
   * Checks that one more may start.
   *
   * @param running how many are running
   */
  static void checkCapacity(long running) {
    if (running >= Limits.BULK_OPERATIONS_MAX) {
      throw new ConflictException(
          "%d bulk operations are running or wait for their turn, at most %d may: wait for one to end, or cancel one (holdfast bulk cancel ID)"
              .formatted(running, Limits.BULK_OPERATIONS_MAX));
    }
  }

  /** Returns the newest bulk operations, newest first. */
  List<BulkOperation> list(int limit);

  /** Returns a bulk operation; empty if there is none with this id. */
  Optional<BulkOperation> find(UUID id);

  /** Ends a bulk operation that is running as cancelled. */
  void cancel(UUID id);

  /**
   * Works off a batch of the oldest bulk operation that is running: in one transaction, changes its
   * jobs and records the progress. Of concurrent calls one does it.
   *
   * <p>An operation that was started with a token, by the token's name, is cancelled instead once
   * the token is revoked.
   *
   * <p>If it throws an exception, the next call takes the next operation, so that one that cannot
   * go on does not hold up the others.
   *
   * @param limit maximum number of jobs
   * @return whether there may be more to do
   */
  boolean advance(int limit);

  /**
   * Indexes the fields of some jobs that are older than the setting to index them. Of concurrent
   * calls one does it.
   *
   * @param limit maximum number of jobs
   * @return whether there may be more to do
   */
  boolean indexFields(int limit);
}
