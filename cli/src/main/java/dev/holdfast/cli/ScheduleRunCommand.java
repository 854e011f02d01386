package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;

import dev.holdfast.JobQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holdfast schedule run}. */
@Command(
    name = "run",
    header = "Enqueues the job of a schedule now, and prints its id.",
    description = "%nIts slots stay as they are; it may be paused.")
final class ScheduleRunCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The schedule's name.")
  private @Nullable String name;

  ScheduleRunCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    String wanted = requireNonNull(name, "picocli demands it");
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      console.line(queue.schedules().trigger(wanted).toString());
    }
    return ExitCodes.OK;
  }
}
