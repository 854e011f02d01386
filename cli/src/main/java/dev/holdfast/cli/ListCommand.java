package dev.holdfast.cli;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.Job;
import dev.holdfast.JobQueue;
import dev.holdfast.Progress;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.http.Json;
import dev.holdfast.http.Redaction;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast list}. */
@Command(name = "list", header = "Lists jobs, newest first.")
final class ListCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Mixin private Selection selection = new Selection();

  @Option(names = "--limit", paramLabel = "N", description = "At most so many. Default: 100.")
  private long limit = 100;

  @Mixin private Secrets secrets = new Secrets();

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean isJson;

  ListCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    if (limit < 1) {
      throw new InvalidRequestException("--limit must be at least 1, was " + limit);
    }
    Redaction redaction = secrets.redaction(db);
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      Selection.forEachPage(
          queue,
          selection.filter(Set.of()),
          limit,
          jobs -> {
            if (isJson) {
              jobs.forEach(job -> console.line(Json.write(Json.of(job, redaction))));
            } else {
              print(jobs);
            }
          });
    }
    return ExitCodes.OK;
  }

  private void print(List<Job> jobs) {
    Table table =
        new Table("ID", "QUEUE", "TYPE", "STATE", "PRIO", "ATTEMPT", "PROGRESS", "CREATED");
    for (Job job : jobs) {
      table.add(
          job.id().toString(),
          job.queue(),
          job.type(),
          job.state().name(),
          Integer.toString(job.priority()),
          job.attempt() + "/" + job.maxAttempts(),
          job.progress().map(Progress::percent).map(percent -> percent + " %").orElse(""),
          job.createdAt().truncatedTo(ChronoUnit.SECONDS).toString());
    }
    if (!table.isEmpty()) {
      table.print(console);
    }
  }
}
