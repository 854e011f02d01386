package dev.holdfast.cli.maintenance;

import dev.holdfast.check.Durations;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.DatabaseStatsJson;
import dev.holdfast.spi.upkeep.DatabaseStats;
import dev.holdfast.spi.upkeep.JobAges;
import dev.holdfast.spi.upkeep.Relation;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast maintain stats}. */
@Command(
    name = "stats",
    header = "Shows what takes space in the database, and the jobs by state and age.",
    description = {
      "%nIt reads only a bounded part of the database: a size that was estimated is marked,"
          + " and notes below the tables say which other figures are not exact."
    })
final class StatsCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean isJson;

  StatsCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      DatabaseStats stats = opened.upkeep().stats();
      if (isJson) {
        console.line(Json.write(DatabaseStatsJson.of(stats)));
      } else {
        print(stats);
      }
    }
    return ExitCodes.OK;
  }

  private void print(DatabaseStats stats) {
    relations(stats.relations()).print(console);
    console.line("");
    jobs(stats.jobs()).print(console);
    console.line("");
    figure("size", bytes(stats.space().bytes()));
    stats.space().freeBytes().ifPresent(free -> figure("unused", bytes(free)));
    stats.space().deadRows().ifPresent(rows -> figure("dead rows", "%,d".formatted(rows)));
    figure("write-ahead log", stats.logBytes().map(StatsCommand::bytes).orElse("unknown"));
    figure("a full optimization needs", "about " + bytes(stats.rebuildBytes()));
    figure(
        "oldest transaction",
        stats
            .oldest()
            .map(oldest -> Durations.describe(oldest.age()) + ", " + oldest.who())
            .orElse("none"));
    stats.notes().forEach(note -> console.line("note: " + Text.safe(note)));
  }

  private void figure(String name, String value) {
    console.line("%s: %s".formatted(name, Text.safe(value)));
  }

  private static Table relations(List<Relation> relations) {
    Table table = new Table("NAME", "OF TABLE", "BYTES", "ESTIMATED", "DEAD ROWS");
    relations.forEach(
        one ->
            table.add(
                one.name(),
                one.name().equals(one.table()) ? "" : one.table(),
                "%,d".formatted(one.bytes()),
                one.isEstimated() ? "yes" : "",
                one.deadRows().map("%,d"::formatted).orElse("")));
    return table;
  }

  private static Table jobs(List<JobAges> jobs) {
    Table table = new Table("STATE", "JOBS", "LAST HOUR", "LAST DAY", "LAST 7 DAYS", "OLDER");
    jobs.forEach(
        ages ->
            table.add(
                ages.state().name(),
                "%,d".formatted(ages.jobs()),
                "%,d".formatted(ages.hour()),
                "%,d".formatted(ages.day()),
                "%,d".formatted(ages.week()),
                "%,d".formatted(ages.older())));
    return table;
  }

  private static String bytes(long bytes) {
    return "%,d bytes".formatted(bytes);
  }
}
