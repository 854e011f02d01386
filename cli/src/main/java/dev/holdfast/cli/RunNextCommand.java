package dev.holdfast.cli;

import dev.holdfast.JobQueue;
import dev.holdfast.RunNext;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.http.Json;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast run-next}. */
@Command(
    name = "run-next",
    header = "Lets the next job of a queue in manual mode run.",
    description = {
      "%nIt runs with the next free worker; nobody waits for that here. The exit code is 4 if one"
          + " runs already, was let go before, or none waits. A queue is put into manual mode by"
          + " holdfast queues set QUEUE --manual."
    })
final class RunNextCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Option(
      names = "--json",
      description = "Answers {\"started\": …, \"job_ids\": […], \"pending\": …, \"message\": …}.")
  private boolean isJson;

  RunNextCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue jobQueue = opened.queue();
      RunNext next = jobQueue.runNext(queue, "cli");
      print(next);
      return next.started() ? ExitCodes.OK : ExitCodes.CONFLICT;
    }
  }

  private void print(RunNext next) {
    if (isJson) {
      console.line(Json.write(Json.of(next)));
      return;
    }
    next.jobIds().forEach(id -> console.line(id.toString()));
    console.say(next.message());
  }
}
