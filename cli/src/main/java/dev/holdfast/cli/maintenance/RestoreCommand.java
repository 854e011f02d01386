package dev.holdfast.cli.maintenance;

import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import dev.holdfast.spi.Backups;
import dev.holdfast.spi.Backups.RestoreRequest;
import dev.holdfast.spi.Backups.Restored;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast restore}. */
@Command(
    name = "restore",
    header = "Makes a queue of a backup, at the database that --db names.",
    description = {
      "%nThe backup is checked like verify-backup does. A queue in use is not replaced; one that"
          + " nobody uses is kept under another name. In the restored queue, all queues, schedules"
          + " and webhooks are paused, and each job that had not finished waits for a review, as it"
          + " may have run since: see 'holdfast review'. Nodes, workers and leases of the old queue"
          + " cannot write to it."
    })
public final class RestoreCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(
      paramLabel = "BACKUP",
      description = "The backup: its file, or its name as 'holdfast backup list' shows it.")
  private String backup = "";

  @Option(
      names = "--no-checksum",
      description =
          "Accepts a file without a checksum next to it, in which damage can go unnoticed.")
  private boolean isWithoutChecksum;

  @Option(names = "--json", description = "Prints the result as one JSON object.")
  private boolean isJson;

  /** Creates the command. */
  public RestoreCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    Restored restored =
        Backups.find()
            .restore(
                new RestoreRequest(
                    BackupArgument.find(backup, db),
                    db.address(),
                    !isWithoutChecksum,
                    Person.name(),
                    console.time().now()));
    if (isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("file", restored.file().toString());
      fields.put("replaced", restored.replaced().map(Path::toString).orElse(null));
      fields.put("epoch", restored.epoch().toString());
      fields.put("jobs", restored.jobs());
      fields.put("uncertain", restored.uncertain());
      console.line(Json.write(fields));
      return ExitCodes.OK;
    }
    console.line(
        "restored %s to %s".formatted(Text.count(restored.jobs(), "job"), restored.file()));
    restored.replaced().ifPresent(kept -> console.line("the database that was there: " + kept));
    console.line(
        "waiting for a review: %s (holdfast review)"
            .formatted(Text.count(restored.uncertain(), "job")));
    console.line(
        "paused: all queues, schedules and webhooks; tokens revoked since the backup are valid"
            + " again");
    return ExitCodes.OK;
  }
}
