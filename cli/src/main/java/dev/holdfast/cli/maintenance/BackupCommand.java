package dev.holdfast.cli.maintenance;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Json;
import dev.holdfast.http.UpkeepJson;
import dev.holdfast.spi.Upkeep.Backup;
import dev.holdfast.spi.Upkeep.BackupName;
import dev.holdfast.spi.Upkeep.BackupRequest;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast backup}. */
@Command(
    name = "backup",
    header = "Copies the database while it is in use.",
    description = {
      "%nThe copy is a snapshot of the queue. It is checked before it appears under its name, in"
          + " the folder DB-holdfast/backups next to the database, readable only by you, with its"
          + " checksum in a file of the same name and .sha256. verify-backup checks it again,"
          + " restore makes a queue of it. For PostgreSQL, use its own tools."
    })
public final class BackupCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      description =
          "1 to 64 of a-z, 0-9 and '-'. Default: the current time, such as 20260131-100000.")
  private @Nullable String name;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "Writes this file, which must not exist, instead of one in the folder.")
  private @Nullable Path to;

  @Option(
      names = "--keep",
      paramLabel = "N",
      description = "Keeps the newest N backups, including this one, and removes older ones.")
  private @Nullable Integer keep;

  @Option(
      names = "--json",
      description =
          "Prints {\"name\": …, \"file\": …, \"bytes\": …, \"sha256\": …, \"removed\": […]}.")
  private boolean isJson;

  private BackupCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  /** Creates the command with its subcommand. */
  public static CommandLine line(DbOption db, Console console) {
    CommandLine line = new CommandLine(new BackupCommand(db, console));
    return line.addSubcommand(new BackupListCommand(db, console));
  }

  @Override
  public Integer call() {
    if (name != null && to != null) {
      throw new InvalidRequestException(
          "specify either a name, for the folder of backups, or a file with --to");
    }
    try (Holdfast holdfast = db.openExisting();
        ByteProgress progress = new ByteProgress(console)) {
      BackupName chosen =
          name == null ? BackupName.at(holdfast.embedding().time().now()) : new BackupName(name);
      Backup backup =
          holdfast
              .embedding()
              .upkeep()
              .backup(
                  BackupRequest.named(chosen)
                      .to(Optional.ofNullable(to))
                      .keep(Optional.ofNullable(keep))
                      .reporting(progress));
      progress.close();
      print(backup);
    }
    return ExitCodes.OK;
  }

  private void print(Backup backup) {
    if (isJson) {
      console.line(Json.write(UpkeepJson.of(backup)));
      return;
    }
    console.line("%s (%,d bytes)".formatted(backup.file(), backup.bytes()));
    backup.removed().forEach(old -> console.line("removed " + old));
  }
}
