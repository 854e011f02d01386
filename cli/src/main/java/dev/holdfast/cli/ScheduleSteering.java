package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Schedules;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** What the commands share that do something with one schedule and answer in a line. */
abstract class ScheduleSteering implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "NAME", description = "The schedule's name.")
  private @Nullable String name;

  ScheduleSteering(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  /** Does it, and answers what to say of that. */
  abstract String steer(Schedules schedules, String schedule);

  @Override
  public Integer call() {
    String wanted = requireNonNull(name, "picocli demands it");
    try (OpenQueue opened = db.openExistingQueue()) {
      console.line(steer(opened.queue().schedules(), wanted));
    }
    return ExitCodes.OK;
  }
}
