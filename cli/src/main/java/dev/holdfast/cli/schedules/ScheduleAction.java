package dev.holdfast.cli.schedules;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Schedules;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The base of the commands that change one schedule and print one line. */
abstract class ScheduleAction implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The schedule's name.")
  private @Nullable String name;

  ScheduleAction(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  /** Applies the command and returns the line to print. */
  abstract String apply(Schedules schedules, String schedule);

  @Override
  public Integer call() {
    String wanted = requireNonNull(name, "picocli demands it");
    try (OpenQueue opened = db.openExistingQueue()) {
      console.line(apply(opened.queue().schedules(), wanted));
    }
    return ExitCodes.OK;
  }
}
