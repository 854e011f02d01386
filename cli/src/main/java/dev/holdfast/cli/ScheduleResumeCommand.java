package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;

import dev.holdfast.JobQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holdfast schedule resume}. */
@Command(
    name = "resume",
    header = "Lets a paused recurring job fire again.",
    description = "%nIt goes on with its first slot after now; slots in the pause are not missed.")
final class ScheduleResumeCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The schedule's name.")
  private @Nullable String name;

  ScheduleResumeCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    String wanted = requireNonNull(name, "picocli demands it");
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      boolean resumed = queue.schedules().resume(wanted);
      console.line("%s %s".formatted(resumed ? "resumed" : "was not paused:", wanted));
    }
    return ExitCodes.OK;
  }
}
