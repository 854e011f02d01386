package dev.holdfast.spi;

import dev.holdfast.Finding;
import dev.holdfast.Maintenance;
import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.upkeep.DatabaseStats;
import dev.holdfast.spi.upkeep.Optimized;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The part of a {@link JobStore} that keeps the database itself in order. Nothing here changes a
 * job, and each call can be slow.
 *
 * <p>Operations that a database does not need, or does better with its own tools, throw {@link
 * InvalidRequestException} with advice on what to do instead.
 */
public interface Upkeep {
  /** The largest number of backups that {@link #backup} keeps. */
  int KEEP_MAX = 1_000;

  /** The extent of a checkpoint. */
  enum Checkpoint {
    /** Moves as much as possible without waiting for others. */
    PASSIVE,
    /** Waits for writers and moves everything. */
    FULL,
    /** Waits for readers too, so that the log restarts from its beginning. */
    RESTART,
    /** Does the same as RESTART, and truncates the log. */
    TRUNCATE
  }

  /**
   * The result of a checkpoint.
   *
   * @param isWhole whether it was complete; other connections can prevent that
   * @param pages number of pages in the log
   * @param moved number of pages moved into the file
   */
  record Checkpointed(boolean isWhole, long pages, long moved) {}

  /** The size of the database before and after, in bytes. */
  record Vacuumed(long bytesBefore, long bytesAfter) {}

  /**
   * A complete, verified copy.
   *
   * @param name its name; the file's own name if a path was requested
   * @param file its path
   * @param bytes its size
   * @param sha256 its checksum in hexadecimal digits, which the file of the same name with {@code
   *     .sha256} repeats
   * @param removed the names of older ones that were removed
   */
  record Backup(String name, Path file, long bytes, String sha256, List<BackupName> removed) {
    /** Copies the names. */
    public Backup {
      removed = List.copyOf(removed);
    }
  }

  /**
   * A backup in the queue's folder of backups.
   *
   * @param file its path
   * @param bytes its size
   * @param at when it was finished
   * @param hasChecksum whether its checksum is next to it
   */
  record StoredBackup(BackupName name, Path file, long bytes, Instant at, boolean hasChecksum) {}

  /** Receives the progress of a backup, on the thread that makes it. */
  @FunctionalInterface
  interface BackupProgress {
    /** Ignores it. */
    BackupProgress NONE = (copied, expected) -> {};

    /**
     * Called several times a second, and never after the backup has ended.
     *
     * @param copied the bytes written so far
     * @param expected about how many there will be
     */
    void report(long copied, long expected);
  }

  /**
   * A request for a backup.
   *
   * @param name its name in the queue's folder of backups
   * @param to the path of a file to write instead; empty for the folder
   * @param keep number of backups in the folder to keep, including this one; older ones are
   *     removed; empty keeps all
   */
  record BackupRequest(
      BackupName name, Optional<Path> to, Optional<Integer> keep, BackupProgress progress) {
    /**
     * Checks the number.
     *
     * @throws InvalidRequestException if it is not between 1 and {@link #KEEP_MAX}, or if there is
     *     one although the backup is not in the folder
     */
    public BackupRequest {
      if (keep.filter(most -> most < 1 || most > KEEP_MAX).isPresent()) {
        throw new InvalidRequestException(
            "cannot keep %d backups: expected 1 to %d".formatted(keep.get(), KEEP_MAX));
      }
      if (keep.isPresent() && to.isPresent()) {
        throw new InvalidRequestException(
            "a number of backups to keep is for the folder of backups, not for '%s'"
                .formatted(to.get()));
      }
    }

    /** Requests a backup in the folder, without removing others. */
    public static BackupRequest named(BackupName name) {
      return new BackupRequest(name, Optional.empty(), Optional.empty(), BackupProgress.NONE);
    }

    /** Returns a request that keeps only this number of backups. */
    public BackupRequest keep(Optional<Integer> number) {
      return new BackupRequest(name, to, number, progress);
    }

    /** Returns a request for this file instead. */
    public BackupRequest to(Optional<Path> file) {
      return new BackupRequest(name, file, keep, progress);
    }

    /** Returns a request that reports its progress. */
    public BackupRequest reporting(BackupProgress listener) {
      return new BackupRequest(name, to, keep, listener);
    }
  }

  /**
   * The name of a backup, which cannot lead out of the folder of backups.
   *
   * @param text 1 to 64 of a-z, 0-9 and '-', not beginning with '-'
   */
  record BackupName(String text) {
    private static final Pattern FORM = Pattern.compile("[a-z0-9][a-z0-9-]{0,63}");
    private static final DateTimeFormatter MOMENT =
        DateTimeFormatter.ofPattern("uuuuMMdd-HHmmss", Locale.ROOT).withZone(ZoneOffset.UTC);

    /**
     * Checks the name.
     *
     * @throws InvalidRequestException naming it, and what is expected
     */
    public BackupName {
      if (!FORM.matcher(text).matches()) {
        throw new InvalidRequestException(
            "the name of the backup is %s, expected 1 to 64 of a-z, 0-9 and '-', such as before-upgrade"
                .formatted(Printable.quoted(text)));
      }
    }

    /** Parses a name; empty if it is not valid. */
    public static Optional<BackupName> find(String text) {
      return FORM.matcher(text).matches() ? Optional.of(new BackupName(text)) : Optional.empty();
    }

    /** Returns a name for a backup at this moment, such as {@code 20260131-100000}, in UTC. */
    public static BackupName at(Instant moment) {
      return new BackupName(MOMENT.format(moment));
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /**
   * Moves the contents of the write-ahead log into the file. Others can read and write meanwhile.
   */
  Checkpointed checkpoint(Checkpoint how);

  /** Updates the statistics that the query planner uses. */
  void analyze();

  /**
   * Releases the space of removed data. On SQLite the file is rewritten, so it needs as much free
   * space again, and all writes wait until it is done.
   */
  Vacuumed vacuum();

  /**
   * Updates statistics and releases the space of removed data while jobs run, as far as that is
   * possible in short steps. A writer waits for one step at most, which is to take about 10 ms.
   */
  default Optimized optimize() {
    throw unsupported("optimization");
  }

  /**
   * Rewrites the whole database, so that it takes no more space than its data. Nobody can write
   * meanwhile.
   *
   * @throws dev.holdfast.error.ConflictException if jobs are RUNNING or nodes are alive; nothing
   *     was changed
   */
  default Optimized rebuild() {
    throw unsupported("rebuild");
  }

  /** Returns about how much free space {@link #rebuild} needs, in bytes. */
  default long bytesToRebuild() {
    throw unsupported("rebuild");
  }

  /** Returns the sizes of tables and indexes, and what keeps space from being reused. */
  default DatabaseStats stats() {
    throw unsupported("statistics");
  }

  /**
   * Checks the database itself more thoroughly than {@link dev.holdfast.Maintenance#examine}: it
   * reads all pages, and can take long. A store without such a check finds nothing.
   */
  default List<Finding> verify() {
    return List.of();
  }

  /**
   * Checks the database, as {@link #verify} does, and the queue in it.
   *
   * @param queue examines the queue; what it finds again is left out
   * @return the problems, the most severe first
   */
  default List<Finding> verifyWith(Maintenance queue) {
    List<Finding> findings = new ArrayList<>(verify());
    Set<String> codes = findings.stream().map(Finding::code).collect(Collectors.toSet());
    queue.examine().stream()
        .filter(finding -> !codes.contains(finding.code()))
        .forEach(findings::add);
    findings.sort(Comparator.comparing(Finding::gravity));
    return findings;
  }

  private static InvalidRequestException unsupported(String what) {
    return new InvalidRequestException(
        "this store has no %s: use the tools of its database".formatted(what));
  }

  /**
   * Copies the database as of one instant, while others read and write; when this returns, the copy
   * has been verified, is on disk, is readable by its owner only, and has its checksum next to it.
   * One backup of a queue is made at a time. Files that a backup left when its process died are
   * removed.
   *
   * @throws dev.holdfast.error.ConflictException if there is one of this name, or another backup of
   *     this queue is being made
   */
  Backup backup(BackupRequest request);

  /** Returns the backups in the queue's folder of backups, newest first. */
  List<StoredBackup> backups();
}
