package dev.holdfast.cli.jobs;

import static java.util.Objects.requireNonNull;

import dev.holdfast.JobQueue;
import dev.holdfast.JobUpdate;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.JobRef;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.PayloadText;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.error.InvalidRequestException;
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
      "%nOther fields stay as they are. A job that has started is refused (exit code 4)."
    })
public final class ReplaceCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "ID", description = "The job: its id, or the beginning of it.")
  private @Nullable JobRef id;

  @Option(
      names = "--payload",
      paramLabel = "JSON|@FILE",
      description = "The new payload as JSON, or @FILE (@- for standard input).")
  private @Nullable String payload;

  @Option(names = "--priority", paramLabel = "N", description = "Higher runs first.")
  private @Nullable Integer priority;

  @Option(
      names = "--delay",
      paramLabel = "D",
      description = "Delay before the job may run, such as 30s or 2h; 0s for none.")
  private @Nullable Duration delay;

  @Option(
      names = "--at",
      paramLabel = "TIME",
      description = "Time before which the job does not run, such as 2026-01-31T10:00:00Z.")
  private @Nullable String at;

  public ReplaceCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    JobRef wanted = requireNonNull(id, "picocli demands it");
    JobUpdate replacement = replacement();
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      queue.replace(wanted.id(queue), replacement, Person.name());
    }
    console.line("replaced 1 job");
    return ExitCodes.OK;
  }

  private JobUpdate replacement() {
    JobUpdate changes = JobUpdate.of();
    if (payload != null) {
      changes = changes.payload(PayloadText.read(payload, console));
    }
    changes = priority == null ? changes : changes.priority(priority);
    if (delay != null && at != null) {
      throw new InvalidRequestException("--at and --delay cannot be combined");
    }
    changes = delay == null ? changes : changes.in(delay);
    return at == null ? changes : changes.at(instant(at));
  }

  private static Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeException malformed) {
      throw new InvalidRequestException(
          "malformed time '%s': expected a form such as 2026-01-31T10:00:00Z".formatted(text),
          malformed);
    }
  }
}
