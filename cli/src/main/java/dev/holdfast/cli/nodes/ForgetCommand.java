package dev.holdfast.cli.nodes;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.NodeId;
import dev.holdfast.QueueStatus;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast workers forget}. */
@Command(
    name = "forget",
    header = "Forgets dead nodes, after recovering their jobs.",
    description = {
      "%nTheir rows are kept for 7 days, so that the history of jobs can still name them."
    })
public final class ForgetCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(
      names = "--json",
      description = "Prints {\"count\": …, \"node_ids\": […], \"job_ids\": […]}.")
  private boolean isJson;

  public ForgetCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      List<QueueStatus.Node> before = queue.status().nodes();
      List<JobId> recovered = queue.maintenance().recoverDead(null, Person.name());
      Set<NodeId> left =
          queue.status().nodes().stream().map(QueueStatus.Node::id).collect(Collectors.toSet());
      print(before.stream().filter(node -> !left.contains(node.id())).toList(), recovered);
    }
    return ExitCodes.OK;
  }

  private void print(List<QueueStatus.Node> forgotten, List<JobId> recovered) {
    if (isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("count", forgotten.size());
      fields.put("node_ids", forgotten.stream().map(node -> node.id().toString()).toList());
      fields.put("job_ids", recovered.stream().map(JobId::toString).toList());
      console.line(Json.write(fields));
      return;
    }
    console.line(
        "forgot %s, recovered %s"
            .formatted(Text.count(forgotten.size(), "node"), Text.count(recovered.size(), "job")));
    forgotten.forEach(node -> console.line(node.id() + " " + Text.safe(node.name())));
  }
}
