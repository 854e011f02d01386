package dev.holdfast.cli;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.config.Durations;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast status}. */
@Command(name = "status", header = "Shows how the queue is; exits with 0 whatever it finds.")
final class StatusCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean isJson;

  StatusCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (Holdfast holdfast = db.openExisting()) {
      QueueStatus status = holdfast.status();
      if (isJson) {
        console.line(Json.write(json(status)));
      } else {
        print(status);
      }
    }
    return ExitCodes.OK;
  }

  private static Map<String, @Nullable Object> json(QueueStatus status) {
    Map<String, Long> counts = new LinkedHashMap<>();
    for (JobState state : JobState.values()) {
      counts.put(state.name(), status.counts().getOrDefault(state, 0L));
    }
    Map<String, @Nullable Object> fields = new LinkedHashMap<>();
    fields.put("status_counts", counts);
    fields.put("stuck_jobs", status.stuck());
    fields.put("orphaned_jobs", status.orphaned());
    fields.put("oldest_pending_job", status.oldestPending().map(Json::of).orElse(null));
    fields.put("newest_job", status.newest().map(Json::of).orElse(null));
    fields.put("active_jobs", status.active().stream().map(Json::of).toList());
    fields.put("nodes", status.nodes().stream().map(StatusCommand::json).toList());
    fields.put("current_process_id", ProcessHandle.current().pid());
    fields.put("database", json(status.database()));
    return fields;
  }

  private static Map<String, Object> json(QueueStatus.Node node) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", node.id().toString());
    fields.put("name", node.name());
    fields.put("host", node.host());
    fields.put("process_id", node.processId());
    fields.put("phase", node.phase().name().toLowerCase(Locale.ROOT));
    fields.put("started_at", node.startedAt().toString());
    fields.put("heartbeat_at", node.heartbeatAt().toString());
    fields.put("alive", node.alive());
    return fields;
  }

  private static Map<String, Object> json(QueueStatus.Database database) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("kind", database.kind());
    fields.put("name", database.name());
    fields.put("bytes", database.bytes());
    fields.put("settings", database.settings());
    return fields;
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
    printNodes(status);
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

  private void printUnlessEmpty(Table table) {
    if (!table.isEmpty()) {
      console.line("");
      table.print(console);
    }
  }
}
