package dev.holdfast.cli.queues;

import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSummary;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.http.Json;
import dev.holdfast.http.Rates;
import dev.holdfast.http.wire.QueueJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast queues}. */
@Command(
    name = "queues",
    header = "Shows the queues, with their settings and waiting jobs.",
    description = {
      "%nLists queues that have settings, unfinished jobs, or a node that serves them. OLDEST is"
          + " the time that the oldest pending job has been due."
    })
public final class QueuesCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean isJson;

  public QueuesCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue jobQueue = opened.queue();
      List<QueueSummary> queues = jobQueue.queues().list();
      if (isJson) {
        queues.forEach(queue -> console.line(Json.write(QueueJson.of(queue))));
      } else if (!queues.isEmpty()) {
        print(queues, console.time().now());
      }
    }
    return ExitCodes.OK;
  }

  private void print(List<QueueSummary> queues, Instant now) {
    Table table =
        new Table(
            "QUEUE",
            "ORDER",
            "PENDING",
            "SCHEDULED",
            "BLOCKED",
            "RUNNING",
            "OLDEST",
            "NODES",
            "LIMITS",
            "PAUSED");
    for (QueueSummary queue : queues) {
      table.add(
          queue.name(),
          queue.settings().order().name().toLowerCase(Locale.ROOT),
          count(queue, JobState.PENDING),
          count(queue, JobState.SCHEDULED),
          count(queue, JobState.BLOCKED),
          count(queue, JobState.RUNNING),
          queue.oldestPending().map(since -> age(since, now)).orElse(""),
          Integer.toString(queue.nodes()),
          limits(queue.settings()),
          queue.paused().map(pause -> paused(pause, now)).orElse(""));
    }
    table.print(console);
  }

  private static String count(QueueSummary queue, JobState state) {
    return Long.toString(queue.jobs(state));
  }

  private static String age(Instant since, Instant now) {
    return Durations.format(Duration.between(since, now));
  }

  private static String paused(QueuePause pause, Instant now) {
    return "for %s by %s".formatted(age(pause.since(), now), pause.by());
  }

  private static String limits(QueueSettings settings) {
    List<String> limits = new ArrayList<>();
    if (settings.manual()) {
      limits.add("manual");
    }
    settings.concurrency().ifPresent(limit -> limits.add(limit + " at once"));
    settings.concurrencyPerGroup().ifPresent(limit -> limits.add(limit + " per group"));
    settings.rate().ifPresent(rate -> limits.add(Rates.write(rate)));
    return String.join(", ", limits);
  }
}
