package dev.holdfast.cli.maintenance;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.http.Json;
import dev.holdfast.http.UpkeepJson;
import dev.holdfast.spi.Upkeep.StoredBackup;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast backup list}. */
@Command(
    name = "list",
    header = "Lists the backups in the folder next to the database, newest first.")
final class BackupListCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean isJson;

  BackupListCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Holdfast holdfast = db.openExisting()) {
      List<StoredBackup> backups = holdfast.embedding().upkeep().backups();
      if (isJson) {
        backups.forEach(backup -> console.line(Json.write(UpkeepJson.of(backup))));
      } else {
        print(backups);
      }
    }
    return ExitCodes.OK;
  }

  private void print(List<StoredBackup> backups) {
    Table table = new Table("NAME", "MADE AT", "BYTES", "CHECKSUM", "FILE");
    backups.forEach(
        backup ->
            table.add(
                backup.name().text(),
                backup.at().truncatedTo(ChronoUnit.SECONDS).toString(),
                "%,d".formatted(backup.bytes()),
                backup.hasChecksum() ? "yes" : "missing",
                backup.file().toString()));
    if (table.isEmpty()) {
      console.say("there are no backups in the folder next to the database");
    } else {
      table.print(console);
    }
  }
}
