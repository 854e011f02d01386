package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;

import dev.holdfast.JobQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holdfast schedule pause}. */
@Command(
    name = "pause",
    header = "Lets a recurring job fire no more until it is resumed.",
    description = "%nJobs that it made go on.")
final class SchedulePauseCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The schedule's name.")
  private @Nullable String name;

  SchedulePauseCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    String wanted = requireNonNull(name, "picocli demands it");
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      boolean paused = queue.schedules().pause(wanted);
      console.line("%s %s".formatted(paused ? "paused" : "was paused before:", wanted));
    }
    return ExitCodes.OK;
  }
}
