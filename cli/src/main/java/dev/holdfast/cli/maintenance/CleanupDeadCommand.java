package dev.holdfast.cli.maintenance;

import dev.holdfast.JobQueue;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.JobAnswer;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast cleanup-dead}. */
@Command(
    name = "cleanup-dead",
    header = "Recovers the jobs of dead nodes, each according to the policy of its type.",
    description = {
      "%nLive nodes do the same by themselves within moments. Use this command if there is none,"
          + " or to recover immediately. A node is dead if its process is gone or its lease has"
          + " expired."
    })
public final class CleanupDeadCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--json", description = "Prints {\"count\": …, \"job_ids\": […]}.")
  private boolean isJson;

  public CleanupDeadCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      JobAnswer.print(
          console, isJson, "recovered", queue.maintenance().recoverDead(null, Person.name()));
    }
    return ExitCodes.OK;
  }
}
