package dev.holdfast.cli.nodes;

import dev.holdfast.JobQueue;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The base of the commands that send a command to nodes. They don't wait for its effect. */
abstract class NodeCommands implements Callable<Integer> {
  private final DbOption db;
  private final Console console;
  private final NodeCommand command;

  @Parameters(
      paramLabel = "NODE",
      arity = "0..*",
      description = "The nodes, by id or name. Default: all.")
  private List<String> wanted = List.of();

  @Option(names = "--json", description = "Prints {\"order\": …, \"count\": …, \"node_ids\": […]}.")
  private boolean isJson;

  NodeCommands(NodeCommand command, DbOption db, Console console) {
    this.command = command;
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      print(queue.nodes().command(command, NodeNames.ids(queue, wanted)));
    }
    return ExitCodes.OK;
  }

  private void print(List<NodeId> told) {
    String word = command.name().toLowerCase(Locale.ROOT);
    if (isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("order", word);
      fields.put("count", told.size());
      fields.put("node_ids", told.stream().map(NodeId::toString).toList());
      console.line(Json.write(fields));
    } else {
      console.line("told %s to %s".formatted(Text.count(told.size(), "node"), word));
    }
  }
}
