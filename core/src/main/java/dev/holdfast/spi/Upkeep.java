package dev.holdfast.spi;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.Printable;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The part of a {@link JobStore} that keeps the database itself in order. Nothing here changes a
 * job, and each call can take its time.
 *
 * <p>What a database has no use for, or does better with tools of its own, throws {@link
 * InvalidRequestException} and says what to do instead.
 */
public interface Upkeep {
  /** At most so many backups are kept by {@link #backup}. */
  int KEEP_MAX = 1_000;

  /** How far a checkpoint goes. */
  enum Checkpoint {
    /** Moves what it can without waiting for anybody. */
    PASSIVE,
    /** Waits for writers and moves everything. */
    FULL,
    /** Waits for readers too, so that the log begins anew. */
    RESTART,
    /** The same, and the log gives its space back. */
    TRUNCATE
  }

  /**
   * What a checkpoint did.
   *
   * @param isWhole whether it went as far as it was to; others can be in its way
   * @param pages how many the log has
   * @param moved how many of them have been moved into the file
   */
  record Checkpointed(boolean isWhole, long pages, long moved) {}

  /** The size of the database, in bytes. */
  record Vacuumed(long bytesBefore, long bytesAfter) {}

  /**
   * A whole, checked copy.
   *
   * @param file where it is
   * @param bytes its size
   * @param removed the names of older ones that were removed in its favour
   */
  record Backup(BackupName name, Path file, long bytes, List<BackupName> removed) {
    /** Copies the names. */
    public Backup {
      removed = List.copyOf(removed);
    }
  }

  /**
   * What a backup is called: no name leads out of the folder of backups.
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

    /** The name that a text is; empty if it is none. */
    public static Optional<BackupName> find(String text) {
      return FORM.matcher(text).matches() ? Optional.of(new BackupName(text)) : Optional.empty();
    }

    /** A name for a backup of this moment, such as {@code 20260131-100000}, in UTC. */
    public static BackupName at(Instant moment) {
      return new BackupName(MOMENT.format(moment));
    }

    @Override
    public String toString() {
      return text;
    }
  }

  /** Moves what is in the write-ahead log into the file. Others go on reading and writing. */
  Checkpointed checkpoint(Checkpoint how);

  /** Lets the database learn how much it has of what, so that it chooses its ways well. */
  void analyze();

  /**
   * Gives the space of what was removed back. On SQLite the file is written anew, so it needs as
   * much free space again, and nobody can write until it is done.
   */
  Vacuumed vacuum();

  /**
   * Copies the database as it is at one instant, while others go on reading and writing; when this
   * returns, the copy has been checked, is on the disk, and is readable for its owner alone.
   *
   * @param keep the newest so many are kept, this one among them, and older ones are removed; at
   *     least 1; empty keeps all
   * @throws dev.holdfast.ConflictException if there is one of this name
   */
  Backup backup(BackupName name, Optional<Integer> keep);
}
