package dev.holdfast.cli;

import dev.holdfast.Schedules;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast schedule pause}. */
@Command(
    name = "pause",
    header = "Lets a recurring job fire no more until it is resumed.",
    description = "%nJobs that it made go on.")
final class SchedulePauseCommand extends ScheduleSteering {
  SchedulePauseCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  String steer(Schedules schedules, String schedule) {
    return (schedules.pause(schedule) ? "paused " : "was paused before: ") + schedule;
  }
}
