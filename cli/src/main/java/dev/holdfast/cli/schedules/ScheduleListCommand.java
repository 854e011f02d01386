package dev.holdfast.cli.schedules;

import dev.holdfast.JobQueue;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.ShownIds;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.ScheduleStatusJson;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast schedule list}. */
@Command(name = "list", header = "Lists the recurring jobs.")
final class ScheduleListCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean isJson;

  ScheduleListCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      List<ScheduleStatus> schedules = queue.schedules().list();
      if (isJson) {
        schedules.forEach(schedule -> console.line(Json.write(ScheduleStatusJson.of(schedule))));
      } else {
        print(schedules);
      }
    }
    return ExitCodes.OK;
  }

  private void print(List<ScheduleStatus> schedules) {
    ShownIds ids =
        ShownIds.of(
            console, schedules.stream().flatMap(schedule -> schedule.lastJob().stream()).toList());
    Table table = new Table("NAME", "WHEN", "NEXT", "LAST", "LAST JOB");
    for (ScheduleStatus schedule : schedules) {
      table.add(
          schedule.name(),
          schedule.timetable().toString(),
          schedule.pausedAt().isPresent() ? "paused" : text(schedule.nextSlot()),
          text(schedule.lastSlot()),
          schedule.lastJob().map(ids::of).orElse(""));
    }
    if (!table.isEmpty()) {
      table.print(console);
    }
  }

  private static String text(Optional<Instant> instant) {
    return instant.map(Instant::toString).orElse("");
  }
}
