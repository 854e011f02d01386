package dev.holdfast.cli.maintenance;

import dev.holdfast.RecoveryRecord;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.RecoveryJson;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast recoveries}. */
@Command(
    name = "recoveries",
    header = "Shows nodes that were found dead, and what became of their jobs.",
    description = "%nThey are kept for 30 days.")
public final class RecoveriesCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--limit", paramLabel = "N", description = "Maximum number. Default: 20.")
  private int limit = 20;

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean isJson;

  public RecoveriesCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      List<RecoveryRecord> found =
          opened.queue().metrics().recoveries(Optional.empty(), Math.min(limit, Limits.PAGE_MAX));
      if (isJson) {
        found.forEach(one -> console.line(Json.write(RecoveryJson.of(one))));
      } else {
        print(found);
      }
    }
    return ExitCodes.OK;
  }

  private void print(List<RecoveryRecord> found) {
    Table table = new Table("AT", "NODE", "HOST", "CAUSE", "NOTICED AFTER", "JOBS", "WHY");
    for (RecoveryRecord one : found) {
      table.add(
          one.at().truncatedTo(ChronoUnit.SECONDS).toString(),
          one.nodeName().orElse(one.node().toString()),
          one.host().orElse(""),
          one.cause().name().toLowerCase(Locale.ROOT),
          one.noticedAfter().map(Durations::format).orElse(""),
          String.valueOf(one.jobs().all()),
          one.why());
    }
    if (!table.isEmpty()) {
      table.print(console);
    }
  }
}
