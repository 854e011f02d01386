package dev.holdfast.cli.maintenance;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.QueueStatus;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.JobAnswer;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.http.Json;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast maintain leases}. */
@Command(
    name = "leases",
    header = "Shows the leases of dead nodes, and ends them as cleanup-dead does.",
    description = {
      "%nThe same as cleanup-dead, which it runs after it has listed the dead nodes and how many"
          + " jobs each holds. With --dry-run it only lists them."
    })
final class LeasesCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--dry-run", description = "Lists the dead nodes, and changes nothing.")
  private boolean isDryRun;

  @Option(
      names = "--json",
      description = "Prints {\"count\": …, \"job_ids\": […], \"dead_nodes\": […]}.")
  private boolean isJson;

  LeasesCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      List<QueueStatus.Node> dead =
          queue.status().nodes().stream().filter(node -> !node.alive()).toList();
      if (!isJson) {
        print(dead);
      }
      List<JobId> recovered =
          isDryRun ? List.of() : queue.maintenance().recoverDead(null, Person.name());
      if (isJson) {
        console.line(Json.write(fields(dead, recovered)));
      } else if (!isDryRun) {
        JobAnswer.print(console, false, "recovered", recovered);
      }
    }
    return ExitCodes.OK;
  }

  private void print(List<QueueStatus.Node> dead) {
    if (dead.isEmpty()) {
      console.say("no node is dead");
      return;
    }
    Table table = new Table("NODE", "HOST", "PROCESS", "LAST HEARTBEAT", "JOBS");
    dead.forEach(
        node ->
            table.add(
                node.name(),
                node.host(),
                Long.toString(node.processId()),
                node.heartbeatAt().truncatedTo(ChronoUnit.SECONDS).toString(),
                "%,d".formatted(node.held())));
    table.print(console);
  }

  private static Map<String, @Nullable Object> fields(
      List<QueueStatus.Node> dead, List<JobId> recovered) {
    Map<String, @Nullable Object> fields = Json.ofJobs(recovered.size(), recovered);
    fields.put("dead_nodes", dead.stream().map(LeasesCommand::fields).toList());
    return fields;
  }

  private static Map<String, Object> fields(QueueStatus.Node node) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("id", node.id().toString());
    fields.put("name", node.name());
    fields.put("host", node.host());
    fields.put("process_id", node.processId());
    fields.put("heartbeat_at", node.heartbeatAt().toString());
    fields.put("held", node.held());
    return fields;
  }
}
