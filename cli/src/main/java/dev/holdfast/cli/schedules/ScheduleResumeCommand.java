package dev.holdfast.cli.schedules;

import dev.holdfast.Schedules;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast schedule resume}. */
@Command(
    name = "resume",
    header = "Resumes a paused schedule.",
    description =
        "%nIt continues with its next fire time; fire times during the pause are not missed.")
final class ScheduleResumeCommand extends ScheduleAction {
  ScheduleResumeCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  String apply(Schedules schedules, String schedule) {
    return (schedules.resume(schedule) ? "resumed " : "not paused: ") + schedule;
  }
}
