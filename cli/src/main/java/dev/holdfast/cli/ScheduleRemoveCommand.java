package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;

import dev.holdfast.JobQueue;
import dev.holdfast.NotFoundException;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holdfast schedule remove}. */
@Command(
    name = "remove",
    header = "Removes a recurring job.",
    description = "%nThe jobs that it made stay.")
final class ScheduleRemoveCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The schedule's name.")
  private @Nullable String name;

  ScheduleRemoveCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    String wanted = requireNonNull(name, "picocli demands it");
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      if (!queue.schedules().remove(wanted)) {
        throw new NotFoundException("there is no schedule '%s'".formatted(wanted));
      }
      console.line("removed " + wanted);
    }
    return ExitCodes.OK;
  }
}
