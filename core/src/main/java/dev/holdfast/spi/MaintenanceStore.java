package dev.holdfast.spi;

import dev.holdfast.Finding;
import dev.holdfast.JobId;
import dev.holdfast.Retention;
import dev.holdfast.spi.record.Archive;
import java.util.List;
import java.util.Optional;

/** The part of a {@link JobStore} that checks the data, removes old data, and copies it. */
public interface MaintenanceStore {

  /**
   * Throws what a write would fail with now, as far as that is known or quickly found out.
   *
   * @throws dev.holdfast.error.StorageException if the disk is full, or the file was deleted
   */
  default void checkReady() {}

  /**
   * Removes old data in one step: examines at most {@code limit} jobs in the order in which they
   * were enqueued, and removes those of them that {@code retention} no longer keeps; and at most as
   * many of each other thing that has expired.
   *
   * @param from where to begin: empty for the first step, then the result of the step before
   */
  Sweep sweep(Retention retention, Optional<JobId> from, int limit);

  /** See {@link dev.holdfast.Maintenance#examine}. */
  List<Finding> examine();

  /** Returns the maintenance operations of the database. */
  Upkeep upkeep();

  /** Returns the jobs of a restored queue that wait for a review; by default there are none. */
  default ReviewStore reviews() {
    return ReviewStore.NONE;
  }

  /** Returns access to the whole store, for exports and copies. */
  Archive archive();
}
