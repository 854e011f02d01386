package dev.holdfast.cli.queues;

import dev.holdfast.JobQueue;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Json;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast limits}. */
@Command(
    name = "limits",
    header = "Shows the concurrency limits of types.",
    description = "%nholdfast queues shows the limits of queues.")
public final class LimitsCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--json", description = "Prints one JSON object with the types and their limits.")
  private boolean isJson;

  public LimitsCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      TreeMap<String, Integer> limits = new TreeMap<>(queue.queues().typeLimits());
      if (isJson) {
        console.line(Json.write(limits));
      } else {
        limits.forEach((type, most) -> console.line(Text.safe(type) + ": " + most));
      }
    }
    return ExitCodes.OK;
  }
}
