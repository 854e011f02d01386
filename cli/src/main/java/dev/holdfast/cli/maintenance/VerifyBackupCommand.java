package dev.holdfast.cli.maintenance;

import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import dev.holdfast.spi.Backups;
import dev.holdfast.spi.Backups.Verified;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast verify-backup}. */
@Command(
    name = "verify-backup",
    header = "Checks a backup: its checksum, pages, schema and rows.",
    description = {
      "%nReads the whole file and changes nothing. The exit code is 0 if the backup can be"
          + " restored by this version of Holdfast; otherwise one line says why not."
    })
public final class VerifyBackupCommand implements Callable<Integer> {
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
  public VerifyBackupCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    Verified verified = Backups.find().verify(BackupArgument.find(backup, db), !isWithoutChecksum);
    if (isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("file", verified.file().toString());
      fields.put("bytes", verified.bytes());
      fields.put("schema", verified.schema());
      fields.put("jobs", verified.jobs());
      fields.put("unfinished", verified.unfinished());
      fields.put("checksum", verified.hasChecksum());
      console.line(Json.write(fields));
    } else {
      console.line(
          "whole: %s, %,d of them unfinished%s"
              .formatted(
                  Text.count(verified.jobs(), "job"),
                  verified.unfinished(),
                  verified.hasChecksum() ? "" : " (its content was not compared with a checksum)"));
    }
    return ExitCodes.OK;
  }
}
