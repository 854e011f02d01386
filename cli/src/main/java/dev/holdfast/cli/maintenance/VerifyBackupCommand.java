package dev.holdfast.cli.maintenance;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import dev.holdfast.spi.Backups;
import dev.holdfast.spi.Backups.Verified;
import java.nio.file.Path;
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
  private final Console console;

  @Parameters(paramLabel = "FILE", description = "The backup.")
  private Path file = Path.of("");

  @Option(
      names = "--no-checksum",
      description =
          "Accepts a file without a checksum next to it, in which damage can go unnoticed.")
  private boolean isWithoutChecksum;

  @Option(names = "--json", description = "Prints the result as one JSON object.")
  private boolean isJson;

  /** Creates the command. */
  public VerifyBackupCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    Verified backup = Backups.find().verify(file, !isWithoutChecksum);
    if (isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("file", backup.file().toString());
      fields.put("bytes", backup.bytes());
      fields.put("schema", backup.schema());
      fields.put("jobs", backup.jobs());
      fields.put("unfinished", backup.unfinished());
      fields.put("checksum", backup.hasChecksum());
      console.line(Json.write(fields));
    } else {
      console.line(
          "whole: %s, %,d of them unfinished%s"
              .formatted(
                  Text.count(backup.jobs(), "job"),
                  backup.unfinished(),
                  backup.hasChecksum() ? "" : " (its content was not compared with a checksum)"));
    }
    return ExitCodes.OK;
  }
}
