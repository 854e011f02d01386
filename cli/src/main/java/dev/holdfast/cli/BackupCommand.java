package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.http.Json;
import dev.holdfast.http.UpkeepJson;
import dev.holdfast.spi.Upkeep.Backup;
import dev.holdfast.spi.Upkeep.BackupName;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast backup}. */
@Command(
    name = "backup",
    header = "Copies the database while it is in use.",
    description = {
      "%nThe copy is the queue as it is at one instant. It is checked before it gets its name, in the"
          + " folder DB-holdfast/backups beside the database, readable by you alone. PostgreSQL has"
          + " tools of its own for that."
    })
final class BackupCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description = "1 to 64 of a-z, 0-9 and '-'. Default: the time, such as 20260131-100000.")
  private @Nullable String name;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "Keep the newest N backups, this one among them; older ones are removed.")
  private @Nullable Integer keep;

  @Option(
      names = "--json",
      description = "Answers {\"name\": …, \"file\": …, \"bytes\": …, \"removed\": […]}.")
  private boolean isJson;

  BackupCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Holdfast holdfast = db.openExisting()) {
      BackupName chosen =
          name == null ? BackupName.at(holdfast.time().now()) : new BackupName(name);
      Backup backup = holdfast.upkeep().backup(chosen, Optional.ofNullable(keep));
      if (isJson) {
        console.line(Json.write(UpkeepJson.of(backup)));
      } else {
        console.line("%s (%,d bytes)".formatted(backup.file(), backup.bytes()));
        backup.removed().forEach(old -> console.line("removed " + old));
      }
    }
    return ExitCodes.OK;
  }
}
