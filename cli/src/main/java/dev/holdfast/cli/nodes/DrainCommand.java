package dev.holdfast.cli.nodes;

import dev.holdfast.Job;
import dev.holdfast.JobFilter;
import dev.holdfast.JobQueue;
import dev.holdfast.JobState;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.PageRequest;
import dev.holdfast.QueueStatus;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.cli.terminal.Threads;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Json;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast drain}. */
@Command(
    name = "drain",
    header =
        "Drains nodes before a deployment: they claim no more jobs and finish the running"
            + " ones.",
    description = {
      "%nA node stays drained until it gets another command or its process ends; nodes that start"
          + " later are not affected. A node receives the command with its next heartbeat. With"
          + " --wait, the exit code is 0 once all nodes have received it and run no jobs, and 75"
          + " after the timeout."
    })
public final class DrainCommand implements Callable<Integer> {
  private static final Duration LOOK_INTERVAL = Duration.ofMillis(250);

  private final DbOption db;
  private final Console console;

  @Option(
      names = "--node",
      paramLabel = "ID|NAME",
      split = ",",
      description = "The nodes. Default: all.")
  private List<String> wanted = List.of();

  @Option(names = "--wait", description = "Waits until no job is running on them.")
  private boolean isWaiting;

  @Option(
      names = "--timeout",
      paramLabel = "D",
      description = "Maximum wait, with --wait. Default: unlimited.")
  private @Nullable Duration timeout;

  @Option(names = "--undo", description = "Lets them claim jobs again.")
  private boolean isUndoing;

  @Option(
      names = "--json",
      description =
          "Prints {\"order\": …, \"count\": …, \"node_ids\": […], \"busy_node_ids\": […]}.")
  private boolean isJson;

  public DrainCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    long start = console.time().ticks();
    if (timeout != null && !isWaiting) {
      throw new InvalidRequestException("--timeout requires --wait");
    }
    if (isUndoing && isWaiting) {
      throw new InvalidRequestException("--undo cannot be combined with --wait");
    }
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      NodeCommand command = isUndoing ? NodeCommand.RUN : NodeCommand.DRAIN;
      List<NodeId> told = queue.nodes().command(command, NodeNames.ids(queue, wanted));
      List<QueueStatus.Node> busy = isWaiting ? awaitQuiet(queue, told, start) : busy(queue, told);
      print(command, told, busy);
      if (isWaiting && !busy.isEmpty()) {
        busy.forEach(node -> console.say(whatRunsOn(queue, node)));
        return ExitCodes.BUSY;
      }
    }
    return ExitCodes.OK;
  }

  private List<QueueStatus.Node> awaitQuiet(JobQueue queue, List<NodeId> told, long start)
      throws InterruptedException {
    String said = "";
    while (true) {
      List<QueueStatus.Node> busy = busy(queue, told);
      Duration waited = Duration.ofNanos(console.time().ticks() - start);
      if (busy.isEmpty() || (timeout != null && waited.compareTo(timeout) >= 0)) {
        return busy;
      }
      String now = busy.stream().map(DrainCommand::load).collect(Collectors.joining(", "));
      if (!now.equals(said)) {
        console.say("after %s, waiting for %s".formatted(Durations.format(waited), now));
        said = now;
      }
      Threads.pause(untilNextLook(waited));
    }
  }

  private Duration untilNextLook(Duration waited) {
    Duration left = timeout == null ? LOOK_INTERVAL : timeout.minus(waited);
    return left.compareTo(LOOK_INTERVAL) < 0 ? left : LOOK_INTERVAL;
  }

  /** Returns those of the nodes that are alive and not drained yet. */
  private static List<QueueStatus.Node> busy(JobQueue queue, List<NodeId> told) {
    return queue.status().nodes().stream()
        .filter(node -> told.contains(node.id()) && node.alive())
        .filter(node -> node.phase() != NodePhase.QUIET || node.held() > 0)
        .toList();
  }

  private static String load(QueueStatus.Node node) {
    String how =
        node.held() == 0 ? "has not received the command yet" : Text.count(node.held(), "job");
    return "'%s' (%s)".formatted(node.name(), how);
  }

  private static String whatRunsOn(JobQueue queue, QueueStatus.Node node) {
    String name =
        "node '%s' (process %d on %s)".formatted(node.name(), node.processId(), node.host());
    if (node.held() == 0) {
      return name
          + " runs no job, but has not received the command yet and can still claim jobs: wait"
          + " for its next heartbeat";
    }
    PageRequest page = new PageRequest(Limits.PAGE_MAX, Optional.empty());
    List<String> jobs =
        queue.list(JobFilter.in(JobState.RUNNING), page).items().stream()
            .filter(job -> job.holder().filter(by -> by.node().equals(node.id())).isPresent())
            .map(Job::id)
            .map(Object::toString)
            .toList();
    return "%s still runs %s%s"
        .formatted(
            name,
            Text.count(node.held(), "job"),
            jobs.isEmpty() ? "" : ": " + String.join(", ", jobs));
  }

  private void print(NodeCommand command, List<NodeId> told, List<QueueStatus.Node> busy) {
    String word = command.name().toLowerCase(Locale.ROOT);
    if (isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("order", word);
      fields.put("count", told.size());
      fields.put("node_ids", told.stream().map(NodeId::toString).toList());
      fields.put("busy_node_ids", busy.stream().map(node -> node.id().toString()).toList());
      console.line(Json.write(fields));
    } else {
      String end = isWaiting && busy.isEmpty() ? ": no job is running on them" : "";
      console.line("told %s to %s%s".formatted(Text.count(told.size(), "node"), word, end));
    }
  }
}
