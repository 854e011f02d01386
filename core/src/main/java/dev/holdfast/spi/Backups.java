package dev.holdfast.spi;

import dev.holdfast.error.InvalidRequestException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import java.util.ServiceLoader;
import java.util.UUID;

/** Backups as files, which no queue has open. */
public interface Backups {

  /**
   * A backup that was checked.
   *
   * @param file its path
   * @param bytes its size
   * @param schema the version of its schema
   * @param jobs the number of jobs in it
   * @param unfinished the number of those that have not finished
   * @param hasChecksum whether its checksum was there to compare it with
   */
  record Verified(
      Path file, long bytes, int schema, long jobs, long unfinished, boolean hasChecksum) {}

  /**
   * Checks a backup: its checksum, its pages, its schema, and its rows by the rules of {@link
   * dev.holdfast.Maintenance#examine} that do not depend on the time and on living nodes. Reads the
   * whole file and changes nothing. The file must not be open in this process.
   *
   * @param needsChecksum whether a file without a checksum next to it is refused
   * @throws dev.holdfast.error.NotFoundException if there is no such file
   * @throws dev.holdfast.error.SchemaException if another version of Holdfast made it
   * @throws dev.holdfast.error.StorageException if it is damaged, or not a backup of Holdfast
   * @throws InvalidRequestException if it has no checksum and needs one
   */
  Verified verify(Path file, boolean needsChecksum);

  /**
   * A request to restore a backup.
   *
   * @param file the backup
   * @param address where the queue is to be: the address of a file
   * @param needsChecksum whether a backup without a checksum next to it is refused
   * @param by the actor, for histories
   * @param now the current time
   */
  record RestoreRequest(Path file, String address, boolean needsChecksum, String by, Instant now) {}

  /**
   * A restored queue.
   *
   * @param file its file
   * @param replaced where the database that was there before is kept
   * @param epoch the random id of this restore
   * @param jobs the number of jobs in it
   * @param uncertain the number of jobs that wait for a review
   */
  record Restored(Path file, Optional<Path> replaced, UUID epoch, long jobs, long uncertain) {}

  /**
   * Makes a queue of a backup, after checking it like {@link #verify}. Whenever the process dies,
   * the target is what it was or the whole new queue, and the backup is unchanged.
   *
   * <p>Nobody who worked with the old queue can write to the new one: fencing tokens are raised by
   * 2<sup>32</sup>, all nodes are ended, and the keys that sign leases are gone. Queues, schedules
   * and webhooks are paused. Every job that had not finished waits for a review, as nobody knows
   * what became of it since the backup (see {@link ReviewStore}).
   *
   * @throws dev.holdfast.error.ConflictException if a process uses a queue at that address, or a
   *     database of another program is there
   */
  Restored restore(RestoreRequest request);

  /**
   * Finds the implementation among the stores on the class path.
   *
   * @throws InvalidRequestException if none has backups as files
   */
  static Backups find() {
    for (StoreProvider provider : ServiceLoader.load(StoreProvider.class)) {
      Optional<Backups> backups = provider.backups();
      if (backups.isPresent()) {
        return backups.get();
      }
    }
    throw new InvalidRequestException(
        "no store with backups as files is on the class path: add holdfast-sqlite");
  }
}
