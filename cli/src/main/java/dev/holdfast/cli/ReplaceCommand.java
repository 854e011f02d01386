package dev.holdfast.cli;

import static java.util.Objects.requireNonNull;

import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.Replacement;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.http.Json;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast replace}. */
@Command(
    name = "replace",
    header = "Changes a job that has not started.",
    description = {
      "%nWhat is not named stays as it is. A job that has started is refused (exit code 4)."
    })
final class ReplaceCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "ID", description = "The job.")
  private @Nullable JobId id;

  @Option(
      names = "--payload",
      paramLabel = "JSON|@FILE",
      description = "The new payload, or the file that has it (@- is standard input).")
  private @Nullable String payload;

  @Option(names = "--priority", paramLabel = "N", description = "Higher runs first.")
  private @Nullable Integer priority;

  @Option(
      names = "--delay",
      paramLabel = "D",
      description = "Not before this long from now, such as 30s or 2h; 0s for at once.")
  private @Nullable Duration delay;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "Not before this time, such as 2026-01-31T10:00:00Z.")
  private @Nullable String at;

  ReplaceCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    JobId wanted = requireNonNull(id, "picocli demands it");
    Replacement replacement = replacement();
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      queue.replace(wanted, replacement, "cli");
    }
    console.line("replaced 1 job");
    return ExitCodes.OK;
  }

  private Replacement replacement() {
    Replacement changes = Replacement.of();
    if (payload != null) {
      changes = changes.payload(Json.read("the payload", PayloadOption.text(payload, console)));
    }
    changes = priority == null ? changes : changes.priority(priority);
    if (delay != null && at != null) {
      throw new InvalidRequestException("a job takes --at or --delay, both were given");
    }
    changes = delay == null ? changes : changes.in(delay);
    return at == null ? changes : changes.at(instant(at));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException malformed) {
      throw new InvalidRequestException(
          "time '%s' is malformed: expected one such as 2026-01-31T10:00:00Z".formatted(text),
          malformed);
    }
  }
}
