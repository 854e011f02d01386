package dev.holdfast.cli.schedules;

import dev.holdfast.Schedules;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast schedule pause}. */
@Command(
    name = "pause",
    header = "Pauses a schedule until it is resumed.",
    description = "%nJobs that it has enqueued continue.")
final class SchedulePauseCommand extends ScheduleAction {
  SchedulePauseCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  String apply(Schedules schedules, String schedule) {
    return (schedules.pause(schedule) ? "paused " : "already paused: ") + schedule;
  }
}
