package dev.holdfast.cli.schedules;

import dev.holdfast.Schedules;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.error.NotFoundException;
import picocli.CommandLine.Command;

/** {@code holdfast schedule remove}. */
@Command(
    name = "remove",
    header = "Removes a schedule.",
    description = "%nJobs that it has enqueued stay.")
final class ScheduleRemoveCommand extends ScheduleAction {
  ScheduleRemoveCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  String apply(Schedules schedules, String schedule) {
    if (!schedules.remove(schedule)) {
      throw new NotFoundException("there is no schedule '%s'".formatted(schedule));
    }
    return "removed " + schedule;
  }
}
