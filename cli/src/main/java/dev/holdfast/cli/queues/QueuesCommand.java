package dev.holdfast.cli.queues;

import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import dev.holdfast.QueueSummary;
import dev.holdfast.QueueSummary.FieldIndex;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Cell;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Tone;
import dev.holdfast.cli.terminal.Watch;
import dev.holdfast.http.Json;
import dev.holdfast.http.Rates;
import dev.holdfast.http.wire.QueueJson;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast queues}. */
@Command(
    name = "queues",
    header = "Shows the queues, with their settings and waiting jobs.",
    description = {
      "%nLists queues that have settings, unfinished jobs, or a node that serves them. OLDEST is"
          + " the time that the oldest pending job has been due. INDEXED names the indexed fields;"
          + " of an index that is being built it says how far back it reaches."
    })
public final class QueuesCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Mixin private Watch watch = new Watch();

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean isJson;

  public QueuesCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    watch.refuse(isJson);
    try (OpenQueue opened = db.openExistingQueue()) {
      return watch.show(console, false, shown -> show(opened.queue(), shown));
    }
  }

  private void show(JobQueue jobQueue, Console shown) {
    List<QueueSummary> queues = jobQueue.queues().list();
    if (isJson) {
      queues.forEach(queue -> shown.line(Json.write(QueueJson.of(queue))));
    } else if (!queues.isEmpty()) {
      table(queues, console.time().now()).print(shown);
    }
  }

  private static Table table(List<QueueSummary> queues, Instant now) {
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
                "INDEXED",
                "PAUSED")
            .givingWay("ORDER", "BLOCKED", "SCHEDULED", "INDEXED", "LIMITS");
    for (QueueSummary queue : queues) {
      table.add(
          List.of(
              Cell.of(queue.name()),
              Cell.of(queue.settings().order().name().toLowerCase(Locale.ROOT)),
              count(queue, JobState.PENDING),
              count(queue, JobState.SCHEDULED),
              count(queue, JobState.BLOCKED),
              count(queue, JobState.RUNNING),
              Cell.of(queue.oldestPending().map(since -> age(since, now)).orElse("")),
              nodes(queue),
              Cell.of(limits(queue.settings())),
              Cell.of(indexed(queue, now)),
              new Cell(queue.paused().map(pause -> paused(pause, now)).orElse(""), Tone.WARNING)));
    }
    return table;
  }

  /** Returns the number of nodes: a warning if jobs wait for one. */
  private static Cell nodes(QueueSummary queue) {
    boolean isLacking = queue.nodes() == 0 && queue.jobs(JobState.PENDING) > 0;
    return new Cell(Integer.toString(queue.nodes()), isLacking ? Tone.WARNING : Tone.PLAIN);
  }

  private static Cell count(QueueSummary queue, JobState state) {
    long jobs = queue.jobs(state);
    return new Cell(Long.toString(jobs), jobs == 0 ? Tone.FAINT : Tone.of(state));
  }

  private static String age(Instant since, Instant now) {
    return Durations.format(Duration.between(since, now));
  }

  private static String paused(QueuePause pause, Instant now) {
    return "for %s by %s".formatted(age(pause.since(), now), pause.by());
  }

  /** Returns the indexed fields, each with how far its index has come. */
  private static String indexed(QueueSummary queue, Instant now) {
    return queue.fieldIndexes().stream()
        .map(index -> index.field() + reach(index, now))
        .collect(Collectors.joining(", "));
  }

  private static String reach(FieldIndex index, Instant now) {
    if (index.complete()) {
      return "";
    }
    return index.since().map(since -> " (last %s)".formatted(age(since, now))).orElse(" (not yet)");
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
