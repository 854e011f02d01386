package dev.holdfast.cli.maintenance;

import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.OptimizedJson;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.upkeep.Optimized;
import dev.holdfast.spi.upkeep.Space;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast maintain optimize}. */
@Command(
    name = "optimize",
    header = "Updates statistics and releases unused space, while jobs run.",
    description = {
      "%nOn SQLite: a checkpoint, statistics, and the release of free pages in short steps."
          + " A file that was created without incremental vacuum keeps its free pages until"
          + " one --full; later optimizations release them. On PostgreSQL: VACUUM (ANALYZE) of"
          + " Holdfast's tables.",
      "%n--full writes the whole database again: on SQLite the file, with as much free space again"
          + " for its log and as much in the folder for temporary files; on PostgreSQL each table"
          + " in turn, by VACUUM FULL. Nobody can write meanwhile, so it is refused while nodes are"
          + " alive or jobs are RUNNING."
    })
final class OptimizeCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--full", description = "Writes the whole database again.")
  private boolean isFull;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean isJson;

  OptimizeCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      Optimized done = isFull ? rebuild(opened.upkeep()) : opened.upkeep().optimize();
      if (isJson) {
        console.line(Json.write(OptimizedJson.of(done)));
      } else {
        console.line("before: " + describe(done.before()));
        console.line("after:  " + describe(done.after()));
        done.notes().forEach(note -> console.say(Text.safe(note)));
      }
    }
    return ExitCodes.OK;
  }

  private Optimized rebuild(Upkeep upkeep) {
    console.say("this needs about %,d bytes of free space".formatted(upkeep.bytesToRebuild()));
    return upkeep.rebuild();
  }

  private static String describe(Space space) {
    return "%,d bytes".formatted(space.bytes())
        + space.freeBytes().map(free -> ", %,d of them unused".formatted(free)).orElse("")
        + space.deadRows().map(rows -> ", about %,d dead rows".formatted(rows)).orElse("");
  }
}
