package dev.holdfast.cli;

import dev.holdfast.JobQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What the commands share that pause queues and resume them. Doing it again is no mistake. */
abstract class QueueSteering implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "QUEUE", arity = "1..*", description = "The queues.")
  private List<String> queues = List.of();

  @Option(
      names = "--json",
      description = "Answers {\"count\": …, \"queues\": […]}: those that changed.")
  private boolean isJson;

  QueueSteering(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  /** Does it, and answers whether that changed anything. */
  abstract boolean steer(JobQueue jobQueue, String queue);

  /** What was done, such as {@code paused}. */
  abstract String done();

  /** Why there was nothing to do. */
  abstract String notDone();

  @Override
  public Integer call() {
    List<String> changed = new ArrayList<>();
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue jobQueue = opened.queue();
      for (String queue : queues) {
        if (steer(jobQueue, queue)) {
          changed.add(queue);
        } else {
          console.say("queue '%s' %s".formatted(queue, notDone()));
        }
      }
    }
    if (isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("count", changed.size());
      fields.put("queues", changed);
      console.line(Json.write(fields));
    } else {
      console.line(done() + " " + Text.count(changed.size(), "queue"));
    }
    return ExitCodes.OK;
  }
}
