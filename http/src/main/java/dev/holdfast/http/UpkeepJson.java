package dev.holdfast.http;

import dev.holdfast.check.Printable;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.Upkeep.Backup;
import dev.holdfast.spi.Upkeep.BackupName;
import dev.holdfast.spi.Upkeep.Checkpoint;
import dev.holdfast.spi.Upkeep.Checkpointed;
import dev.holdfast.spi.Upkeep.StoredBackup;
import dev.holdfast.spi.Upkeep.Vacuumed;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Converts results of database maintenance to their wire form, which {@code --json} also prints.
 */
public final class UpkeepJson {
  private UpkeepJson() {}

  /**
   * Parses the mode of a checkpoint, case-insensitively.
   *
   * @throws InvalidRequestException naming the word and the known ones
   */
  public static Checkpoint checkpoint(String word) {
    try {
      return Checkpoint.valueOf(word.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException unknown) {
      throw new InvalidRequestException(
          "unknown checkpoint mode %s: expected one of %s"
              .formatted(
                  Printable.quoted(word),
                  List.of(Checkpoint.values()).toString().toLowerCase(Locale.ROOT)),
          unknown);
    }
  }

  /** Returns the result of a checkpoint. */
  public static Map<String, Object> of(Checkpointed checkpoint) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("whole", checkpoint.isWhole());
    fields.put("pages", checkpoint.pages());
    fields.put("moved", checkpoint.moved());
    return fields;
  }

  /** Returns the sizes before and after a vacuum. */
  public static Map<String, Object> of(Vacuumed vacuumed) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("bytes_before", vacuumed.bytesBefore());
    fields.put("bytes_after", vacuumed.bytesAfter());
    return fields;
  }

  /** Returns a backup and its path. */
  public static Map<String, Object> of(Backup backup) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", backup.name());
    fields.put("file", backup.file().toString());
    fields.put("bytes", backup.bytes());
    fields.put("sha256", backup.sha256());
    fields.put("removed", backup.removed().stream().map(BackupName::text).toList());
    return fields;
  }

  /** Returns a backup of the folder of backups. */
  public static Map<String, Object> of(StoredBackup backup) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("name", backup.name().text());
    fields.put("file", backup.file().toString());
    fields.put("bytes", backup.bytes());
    fields.put("at", backup.at().toString());
    fields.put("checksum", backup.hasChecksum());
    return fields;
  }
}
