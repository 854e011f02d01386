package dev.holdfast.cli.queues;

import dev.holdfast.JobQueue;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.http.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The base of the commands that pause and resume queues. Repeating them is not an error. */
abstract class QueueAction implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "QUEUE", arity = "1..*", description = "The queues.")
  private List<String> queues = List.of();

  @Option(
      names = "--json",
      description = "Prints {\"count\": …, \"queues\": […]}: the queues that changed.")
  private boolean isJson;

  QueueAction(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  /** Applies the command to a queue and returns whether that changed anything. */
  abstract boolean apply(JobQueue jobQueue, String queue);

  /** Returns the verb for the output, such as {@code paused}. */
  abstract String done();

  /** Returns why there was nothing to do. */
  abstract String notDone();

  @Override
  public Integer call() {
    List<String> changed = new ArrayList<>();
    int unknown = 0;
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue jobQueue = opened.queue();
      for (String queue : queues) {
        try {
          if (apply(jobQueue, queue)) {
            changed.add(queue);
          } else {
            console.say("queue '%s' %s".formatted(queue, notDone()));
          }
        } catch (NotFoundException noSuchQueue) {
          console.say(Text.safe(String.valueOf(noSuchQueue.getMessage())));
          unknown++;
        }
      }
    }
    if (isJson) {
      Map<String, Object> fields = new LinkedHashMap<>();
      fields.put("count", changed.size());
      fields.put("queues", changed);
      console.line(Json.write(fields));
    } else if (!changed.isEmpty() || unknown == 0) {
      console.line(done() + " " + Text.count(changed.size(), "queue"));
    }
    return unknown == 0 ? ExitCodes.OK : ExitCodes.NOT_FOUND;
  }
}
