package dev.holdfast.cli.maintenance;

import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.http.Json;
import dev.holdfast.http.UpkeepJson;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.Upkeep.Checkpointed;
import dev.holdfast.spi.Upkeep.Vacuumed;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast maintain}. */
@Command(
    name = "maintain",
    header = "Maintains the database itself.",
    description = {
      "%ncheckpoint moves SQLite's write-ahead log into the file; analyze updates the statistics"
          + " of the query planner; vacuum reclaims the space of removed jobs. On SQLite, vacuum"
          + " rewrites the whole file: it needs as much free space again and blocks all writes,"
          + " so run it while no jobs run; optimize does what is possible while they do."
    })
public final class MaintainCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  /** The maintenance tasks. */
  enum Task {
    CHECKPOINT,
    ANALYZE,
    VACUUM
  }

  @Parameters(
      arity = "0..1",
      paramLabel = "TASK",
      description = "checkpoint, analyze or vacuum. Default: checkpoint.")
  private Task task = Task.CHECKPOINT;

  @Option(
      names = "--mode",
      paramLabel = "MODE",
      description = "The checkpoint mode: passive, full, restart or truncate. Default: truncate.")
  private String mode = "truncate";

  @Option(names = "--json", description = "Prints the result as one JSON object.")
  private boolean isJson;

  private MaintainCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  /** Creates the command with its subcommands. */
  public static CommandLine line(DbOption db, Console console) {
    return new CommandLine(new MaintainCommand(db, console))
        .addSubcommand(new OptimizeCommand(db, console))
        .addSubcommand(new StatsCommand(db, console))
        .addSubcommand(new IntegrityCheckCommand(db, console))
        .addSubcommand(new LeasesCommand(db, console));
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      Upkeep upkeep = opened.upkeep();
      switch (task) {
        case CHECKPOINT -> checkpoint(upkeep);
        case ANALYZE -> analyze(upkeep);
        case VACUUM -> vacuum(upkeep);
      }
    }
    return ExitCodes.OK;
  }

  private void checkpoint(Upkeep upkeep) {
    Checkpointed done = upkeep.checkpoint(UpkeepJson.checkpoint(mode));
    String extent = done.isWhole() ? "" : ", incomplete because of other connections";
    print(
        UpkeepJson.of(done),
        "moved %,d of %,d pages%s".formatted(done.moved(), done.pages(), extent));
  }

  private void analyze(Upkeep upkeep) {
    upkeep.analyze();
    print(Map.of(), "analyzed");
  }

  private void vacuum(Upkeep upkeep) {
    Vacuumed done = upkeep.vacuum();
    print(
        UpkeepJson.of(done),
        "%,d bytes before, %,d bytes after".formatted(done.bytesBefore(), done.bytesAfter()));
  }

  private void print(Map<String, Object> fields, String text) {
    console.line(isJson ? Json.write(fields) : text);
  }
}
