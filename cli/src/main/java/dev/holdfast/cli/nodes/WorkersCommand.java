package dev.holdfast.cli.nodes;

import dev.holdfast.JobQueue;
import dev.holdfast.QueueStatus;
import dev.holdfast.check.Durations;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.NodeJson;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
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

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean isJson;

  public WorkersCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      List<QueueStatus.Node> nodes = queue.status().nodes();
      Instant now = console.time().now();
      if (isJson) {
        nodes.forEach(node -> console.line(Json.write(NodeJson.of(node, now))));
      } else if (!nodes.isEmpty()) {
        print(nodes, now);
      }
    }
    return ExitCodes.OK;
  }

  private void print(List<QueueStatus.Node> nodes, Instant now) {
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
            "CAN");
    for (QueueStatus.Node node : nodes) {
      table.add(
          node.name(),
          node.id().toString(),
          Long.toString(node.processId()),
          node.host(),
          lower(node.liveness()),
          lower(node.phase()),
          lower(node.command()),
          jobs(node),
          Durations.format(Duration.between(node.heartbeatAt(), now)) + " ago",
          node.version(),
          node.queues().isEmpty() ? "all" : String.join(",", node.queues()),
          String.join(",", node.types().stream().sorted().toList()),
          new TreeMap<>(node.capabilities()).toString());
    }
    table.print(console);
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
