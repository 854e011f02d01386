package dev.holdfast.cli;

import dev.holdfast.Schedules;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast schedule resume}. */
@Command(
    name = "resume",
    header = "Lets a paused recurring job fire again.",
    description = "%nIt goes on with its first slot after now; slots in the pause are not missed.")
final class ScheduleResumeCommand extends ScheduleSteering {
  ScheduleResumeCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  String steer(Schedules schedules, String schedule) {
    return (schedules.resume(schedule) ? "resumed " : "was not paused: ") + schedule;
  }
}
