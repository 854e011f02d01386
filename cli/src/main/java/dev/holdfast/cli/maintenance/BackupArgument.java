package dev.holdfast.cli.maintenance;

import dev.holdfast.cli.options.DbOption;
import dev.holdfast.spi.Upkeep.BackupName;
import java.nio.file.Files;
import java.nio.file.Path;

/** Finds the backup that a command names. */
final class BackupArgument {
  private BackupArgument() {}

  /**
   * Returns the file of a backup.
   *
   * @param text its path, or its name in the folder of backups next to the database
   */
  static Path find(String text, DbOption db) {
    Path file = Path.of(text);
    return BackupName.find(text).isPresent() && !Files.exists(file) && db.isFile()
        ? db.folder().resolve("backups").resolve(text + ".db")
        : file;
  }
}
