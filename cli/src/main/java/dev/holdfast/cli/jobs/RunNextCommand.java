package dev.holdfast.cli.jobs;

import dev.holdfast.JobQueue;
import dev.holdfast.RunNext;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.RunNextJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast run-next}. */
@Command(
    name = "run-next",
    header = "Releases the next job of a queue in manual mode.",
    description = {
      "%nThe job runs on the next free worker; the command does not wait for it. The exit code is"
          + " 4 if a job is running or already released, or if none waits. Enable manual mode"
          + " with holdfast queues set QUEUE --manual."
    })
public final class RunNextCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "QUEUE", description = "The queue.")
  private String queue = "";

  @Option(
      names = "--json",
      description = "Prints {\"started\": …, \"job_ids\": […], \"pending\": …, \"message\": …}.")
  private boolean isJson;

  public RunNextCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue jobQueue = opened.queue();
      RunNext next = jobQueue.queues().runNext(queue, Person.name());
      print(next);
      return next.started() ? ExitCodes.OK : ExitCodes.CONFLICT;
    }
  }

  private void print(RunNext next) {
    if (isJson) {
      console.line(Json.write(RunNextJson.of(next)));
      return;
    }
    next.jobIds().forEach(id -> console.line(id.toString()));
    long left = next.pending() - (next.started() ? next.jobIds().size() : 0);
    console.say("%s; %s left".formatted(next.message(), Text.count(left, "waiting job")));
  }
}
