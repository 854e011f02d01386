package dev.holdfast.cli;

import dev.holdfast.JobQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast cleanup-dead}. */
@Command(
    name = "cleanup-dead",
    header = "Recovers what dead nodes left running, each job by the policy of its type.",
    description = {
      "%nA living node of the queue does the same by itself within moments: this is for when there"
          + " is none, or it cannot wait. Nodes are dead when their process is gone or their lease"
          + " has run out."
    })
final class CleanupDeadCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--json", description = "Answers {\"count\": …, \"job_ids\": […]}.")
  private boolean isJson;

  CleanupDeadCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      JobAnswer.print(console, isJson, "recovered", queue.recoverDead(Optional.empty(), "cli"));
    }
    return ExitCodes.OK;
  }
}
