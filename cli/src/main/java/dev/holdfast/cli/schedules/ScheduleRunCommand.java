package dev.holdfast.cli.schedules;

import dev.holdfast.Schedules;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast schedule run}. */
@Command(
    name = "run",
    header = "Enqueues the job of a schedule now, and prints its id.",
    description = "%nIts fire times stay as they are; it may be paused.")
final class ScheduleRunCommand extends ScheduleAction {
  ScheduleRunCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  String apply(Schedules schedules, String schedule) {
    return schedules.trigger(schedule).toString();
  }
}
