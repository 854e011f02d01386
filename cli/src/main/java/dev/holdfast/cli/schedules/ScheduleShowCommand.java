package dev.holdfast.cli.schedules;

import static java.util.Objects.requireNonNull;

import dev.holdfast.JobQueue;
import dev.holdfast.ScheduleFire;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.ShownIds;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.ScheduleFireJson;
import dev.holdfast.http.wire.ScheduleStatusJson;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast schedule show}. */
@Command(
    name = "show",
    header = "Shows a schedule and its latest fires.",
    description = "%nPast fires are kept for 7 days.")
final class ScheduleShowCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The schedule's name.")
  private @Nullable String name;

  @Option(
      names = {"-n", "--fires"},
      paramLabel = "N",
      description = "Number of fires. Default: 10.")
  private int fires = 10;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean isJson;

  ScheduleShowCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    String wanted = requireNonNull(name, "picocli demands it");
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      ScheduleStatus schedule =
          queue
              .schedules()
              .find(wanted)
              .orElseThrow(
                  () -> new NotFoundException("there is no schedule '%s'".formatted(wanted)));
      print(schedule, queue.schedules().fires(wanted, Math.max(0, fires)));
    }
    return ExitCodes.OK;
  }

  private void print(ScheduleStatus schedule, List<ScheduleFire> newest) {
    Map<String, @Nullable Object> fields = Json.fields(ScheduleStatusJson.of(schedule));
    if (isJson) {
      fields.put("fires", newest.stream().map(ScheduleFireJson::of).toList());
      console.line(Json.write(fields));
      return;
    }
    fields.put("job", schedule.job());
    fields.forEach(
        (field, value) -> {
          if (value != null) {
            console.line("%-21s %s".formatted(field, Text.safe(value.toString())));
          }
        });
    ShownIds ids =
        ShownIds.of(console, newest.stream().flatMap(fire -> fire.job().stream()).toList());
    Table table = new Table("SLOT", "DONE", "JOB", "AT");
    for (ScheduleFire fire : newest) {
      table.add(
          fire.slot().toString(),
          fire.kind().name(),
          fire.job().map(ids::of).orElse(""),
          fire.firedAt().toString());
    }
    if (!table.isEmpty()) {
      console.line("");
      table.print(console);
    }
  }
}
