package dev.holdfast.cli.jobs;

import static java.util.Objects.requireNonNull;

import dev.holdfast.JobQueue;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.JobRef;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.PayloadText;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast signal}. */
@Command(
    name = "signal",
    header = "Sends a signal to a job.",
    description = {
      "%nIf the job waits for it, it continues; otherwise the signal is kept for its handler. The"
          + " first signal of a name counts: later ones change nothing."
    })
public final class SignalCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(
      index = "0",
      paramLabel = "ID",
      description = "The job: its id, or the beginning of it.")
  private @Nullable JobRef id;

  @Parameters(index = "1", paramLabel = "NAME", description = "The signal's name.")
  private String name = "";

  @Option(
      names = "--payload",
      paramLabel = "JSON|@FILE",
      description =
          "The signal's payload as JSON, or @FILE (@- for standard input). Default: null.")
  private String payload = "null";

  public SignalCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    JobRef wanted = requireNonNull(id, "picocli demands it");
    Object content = PayloadText.read(payload, console);
    try (OpenQueue opened = db.openExistingQueue()) {
      JobQueue queue = opened.queue();
      boolean isNew = queue.signal(wanted.id(queue), name, content, Person.name());
      console.line(isNew ? "sent" : "the job has this signal already");
    }
    return ExitCodes.OK;
  }
}
