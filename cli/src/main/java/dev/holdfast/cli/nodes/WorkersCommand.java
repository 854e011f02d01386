package dev.holdfast.cli.nodes;

import dev.holdfast.JobQueue;
import dev.holdfast.QueueStatus;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Cell;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Tone;
import dev.holdfast.cli.terminal.Watch;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.NodeJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast workers}. */
@Command(
    name = "workers",
    header = "Shows the nodes, which are the processes that run jobs, and their health.",
    description = {
      "%nJOBS shows how many jobs a node holds, and how many slots it has. Nodes that shut down in"
          + " order are not shown; --json adds duties and counters."
    })
public final class WorkersCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Mixin private Watch watch = new Watch();

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean isJson;

  public WorkersCommand(DbOption db, Console console) {
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

  private void show(JobQueue queue, Console shown) {
    List<QueueStatus.Node> nodes = queue.status().nodes();
    Instant now = console.time().now();
    if (isJson) {
      nodes.forEach(node -> shown.line(Json.write(NodeJson.of(node, now))));
    } else if (!nodes.isEmpty()) {
      table(nodes, now).print(shown);
    }
  }

  private static Table table(List<QueueStatus.Node> nodes, Instant now) {
    Table table =
        new Table(
                "NODE",
                "ID",
                "PROCESS",
                "HOST",
                "IS",
                "PHASE",
                "COMMAND",
                "JOBS",
                "HEARTBEAT",
                "VERSION",
                "QUEUES",
                "TYPES",
                "CAN")
            .givingWay("ID", "CAN", "VERSION", "COMMAND", "HOST", "PROCESS", "QUEUES");
    for (QueueStatus.Node node : nodes) {
      table.add(
          List.of(
              Cell.of(node.name()),
              Cell.of(node.id().toString()),
              Cell.of(Long.toString(node.processId())),
              Cell.of(node.host()),
              new Cell(lower(node.liveness()), Tone.of(node.liveness())),
              Cell.of(lower(node.phase())),
              Cell.of(lower(node.command())),
              Cell.of(jobs(node)),
              Cell.of(Durations.format(Duration.between(node.heartbeatAt(), now)) + " ago"),
              Cell.of(node.version()),
              Cell.of(node.queues().isEmpty() ? "all" : String.join(",", node.queues())),
              Cell.of(String.join(",", node.types().stream().sorted().toList())),
              Cell.of(new TreeMap<>(node.capabilities()).toString())));
    }
    return table;
  }

  private static String jobs(QueueStatus.Node node) {
    int unresponsive = node.vitals().unresponsive();
    return "%d/%d%s"
        .formatted(
            node.held(),
            node.concurrency(),
            unresponsive == 0 ? "" : " (%d unresponsive)".formatted(unresponsive));
  }

  private static String lower(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
