package dev.holdfast.cli.health;

import dev.holdfast.Job;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.Vitals;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.Secrets;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import dev.holdfast.http.Redaction;
import dev.holdfast.http.wire.NodeJson;
import dev.holdfast.http.wire.StatusJson;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast status}. */
@Command(name = "status", header = "Shows the health of the queue; always exits with 0.")
public final class StatusCommand implements Callable<Integer> {
  private static final int ERROR_CHARS = 80;

  private final DbOption db;
  private final Console console;

  @Mixin private Secrets secrets = new Secrets();

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean isJson;

  public StatusCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    Redaction redaction = secrets.redaction(db);
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      QueueStatus status = queue.status();
      if (isJson) {
        console.line(Json.write(StatusJson.of(status, console.time().now(), redaction)));
      } else {
        print(status);
      }
    }
    return ExitCodes.OK;
  }

  private void print(QueueStatus status) {
    QueueStatus.Database database = status.database();
    console.line(
        "%s, %s, %,.1f MB, %s"
            .formatted(
                Text.safe(database.name()),
                database.kind(),
                database.bytes() / 1e6,
                database.settings()));
    console.line("");
    Table counts = new Table("STATE", "JOBS");
    for (JobState state : JobState.values()) {
      counts.add(state.name(), Long.toString(status.counts().getOrDefault(state, 0L)));
    }
    counts.print(console);
    console.line("");
    console.line("stuck     " + status.stuck());
    console.line("orphaned  " + status.orphaned());
    status.oldestPending().ifPresent(job -> console.line("oldest pending  " + brief(job)));
    status.newest().ifPresent(job -> console.line("newest          " + brief(job)));
    printActive(status);
    printWaiting(status);
    printNodes(status);
    printDuties(status);
    printCounts(status);
    printProblems(status);
  }

  private String brief(Job job) {
    return "%s, %s, for %s".formatted(job.id(), Text.safe(job.type()), age(job.createdAt()));
  }

  private String age(Instant since) {
    return Durations.format(Duration.between(since, console.time().now()));
  }

  private void printActive(QueueStatus status) {
    Table active = new Table("RUNNING", "TYPE", "FOR", "WORKER", "PROCESS");
    for (Job job : status.active()) {
      active.add(
          job.id().toString(),
          job.type(),
          job.startedAt().map(this::age).orElse(""),
          job.holder().map(Job.Holder::name).orElse(""),
          job.holder().map(holder -> Long.toString(holder.processId())).orElse(""));
    }
    printUnlessEmpty(active);
  }

  private void printWaiting(QueueStatus status) {
    Table waiting = new Table("WAITING", "TYPE", "JOBS");
    for (QueueStatus.Waiting group : status.waiting()) {
      boolean isAll = group.jobs() < QueueStatus.WAITING_LOOKED_AT;
      waiting.add(group.queue(), group.type(), (isAll ? "" : "at least ") + group.jobs());
    }
    printUnlessEmpty(waiting);
  }

  private void printNodes(QueueStatus status) {
    Table nodes = new Table("NODE", "HOST", "PROCESS", "PHASE", "UP FOR", "HEARTBEAT");
    for (QueueStatus.Node node : status.nodes()) {
      nodes.add(
          node.name(),
          node.host(),
          Long.toString(node.processId()),
          node.phase().name().toLowerCase(Locale.ROOT) + (node.alive() ? "" : " (dead)"),
          age(node.startedAt()),
          age(node.heartbeatAt()) + " ago");
    }
    printUnlessEmpty(nodes);
  }

  private void printDuties(QueueStatus status) {
    Table duties = new Table("NODE", "DUTY", "LAST RUN", "LAST ERROR");
    for (QueueStatus.Node node : status.nodes()) {
      for (Vitals.Duty duty : node.vitals().duties()) {
        duties.add(
            node.name(),
            duty.name(),
            duty.ranAt().map(at -> age(at) + " ago").orElse("not yet"),
            duty.error().map(error -> Text.brief(error, ERROR_CHARS)).orElse(""));
      }
    }
    printUnlessEmpty(duties);
  }

  private void printCounts(QueueStatus status) {
    String counts =
        NodeJson.countsOf(status.nodes()).entrySet().stream()
            .filter(count -> count.getValue() > 0)
            .map(count -> count.getKey().replace('_', ' ') + " " + count.getValue())
            .collect(Collectors.joining(", "));
    if (!counts.isEmpty()) {
      console.line("");
      console.line("since these nodes started: " + counts);
    }
  }

  private void printProblems(QueueStatus status) {
    console.line("");
    if (status.problems().isEmpty()) {
      console.line("no problems");
    }
    Findings.print(console, status.problems());
  }

  private void printUnlessEmpty(Table table) {
    if (!table.isEmpty()) {
      console.line("");
      table.print(console);
    }
  }
}
