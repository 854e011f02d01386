package dev.holdfast.cli.maintenance;

import dev.holdfast.Finding;
import dev.holdfast.Finding.Gravity;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.FindingJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast maintain integrity-check}. */
@Command(
    name = "integrity-check",
    header = "Checks all pages, indexes and references of the database, and all jobs.",
    description = {
      "%nOn SQLite: integrity_check and foreign keys. On PostgreSQL: invalid indexes, constraints"
          + " and checksums, and with the extension amcheck each index against its table. On both:"
          + " the rules of doctor for jobs. It reads everything and changes nothing. It prints one"
          + " line for each finding. The exit code is 1 if there is any ERROR or WARNING."
    })
final class IntegrityCheckCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean isJson;

  IntegrityCheckCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      List<Finding> findings = opened.upkeep().verifyWith(opened.queue().maintenance());
      boolean isWell = findings.stream().allMatch(one -> one.gravity() == Gravity.NOTE);
      print(isWell, findings);
      return isWell ? ExitCodes.OK : ExitCodes.FAILED;
    }
  }

  private void print(boolean isWell, List<Finding> findings) {
    if (isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("ok", isWell);
      fields.put("findings", findings.stream().map(FindingJson::of).toList());
      console.line(Json.write(fields));
      return;
    }
    findings.forEach(one -> console.line(line(one)));
    if (isWell) {
      console.line("no damage found");
    }
  }

  private static String line(Finding finding) {
    return Text.safe(
        "%-8s %s: %s; %s"
            .formatted(finding.gravity(), finding.code(), finding.text(), finding.cure()));
  }
}
