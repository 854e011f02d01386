package dev.holdfast.cli.schedules;

import dev.holdfast.JobQueue;
import dev.holdfast.Schedule;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.config.FileSchedules;
import dev.holdfast.config.FileSchedules.Applied;
import dev.holdfast.http.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast schedule apply}. */
@Command(
    name = "apply",
    header =
        "Declares the schedules of the configuration file, as holdfast work does when it"
            + " starts.",
    description = {
      "%nUnchanged schedules stay as they are. Schedules that a file had declared and this one"
          + " does not are reported as left over, and keep firing unless --prune is given."
    })
final class ScheduleApplyCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(
      names = "--prune",
      description = "Removes schedules that a file had declared and this one does not.")
  private boolean isPruning;

  @Option(names = "--json", description = "Prints a JSON object for each schedule.")
  private boolean isJson;

  ScheduleApplyCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    List<Schedule> schedules = db.configuration().settings().schedules();
    try (OpenQueue opened = db.openQueue()) {
      JobQueue queue = opened.queue();
      Applied applied = FileSchedules.apply(schedules, queue.schedules());
      applied.declared().forEach((name, declared) -> tell(name, declared.name()));
      if (isPruning) {
        FileSchedules.remove(applied, queue.schedules()).forEach(name -> tell(name, "REMOVED"));
      } else {
        applied.leftOver().forEach(name -> tell(name, "LEFT_OVER"));
      }
    }
    return ExitCodes.OK;
  }

  private void tell(String name, String what) {
    if (isJson) {
      Map<String, @Nullable Object> fields = new LinkedHashMap<>();
      fields.put("name", name);
      fields.put("declared", what);
      console.line(Json.write(fields));
    } else {
      console.line("%s %s".formatted(what.toLowerCase(Locale.ROOT).replace('_', ' '), name));
    }
  }
}
