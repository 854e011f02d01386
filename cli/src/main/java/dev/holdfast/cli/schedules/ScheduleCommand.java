package dev.holdfast.cli.schedules;

import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** {@code holdfast schedule}. */
@Command(name = "schedule", header = "Manages recurring jobs.", synopsisSubcommandLabel = "COMMAND")
public final class ScheduleCommand implements Callable<Integer> {
  private final Console console;

  private ScheduleCommand(Console console) {
    this.console = console;
  }

  public static CommandLine line(DbOption db, Console console) {
    CommandLine line = new CommandLine(new ScheduleCommand(console));
    line.addSubcommand(new ScheduleAddCommand(db, console));
    line.addSubcommand(new ScheduleApplyCommand(db, console));
    line.addSubcommand(new ScheduleListCommand(db, console));
    line.addSubcommand(new ScheduleShowCommand(db, console));
    line.addSubcommand(new SchedulePauseCommand(db, console));
    line.addSubcommand(new ScheduleResumeCommand(db, console));
    line.addSubcommand(new ScheduleRunCommand(db, console));
    line.addSubcommand(new ScheduleRemoveCommand(db, console));
    line.addSubcommand(new ScheduleNextCommand(console));
    return line;
  }

  @Override
  public Integer call() {
    console.say("no command given (see holdfast schedule --help)");
    return ExitCodes.USAGE;
  }
}
