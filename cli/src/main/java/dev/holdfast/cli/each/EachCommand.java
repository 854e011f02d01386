package dev.holdfast.cli.each;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import dev.holdfast.cli.log.LogUse;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.config.Flag;
import dev.holdfast.config.Keys;
import dev.holdfast.error.InvalidRequestException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast each}. */
@Command(
    name = "each",
    header = "Runs a command for each line of the input: a durable xargs.",
    customSynopsis = {
      "holdfast each [-d DB] [-j N] [--name NAME] [--retries N] [--timeout D] [--grace D]",
      "                     [-0] [--output-dir DIR] [--fresh] -- COMMAND [ARGUMENT...]"
    },
    description = {
      "%nEach line is a job; the command runs without a shell. {} is replaced by the line, {/} by"
          + " its base name, {.} by the line without its extension, {#} by the line number."
          + " Without any of them the line becomes the last argument. Empty lines are skipped.",
      "%nA run is identified by its name, or else by command and working directory. If it ends"
          + " early (kill -9, a power cut, failed items), the same command continues it: the"
          + " input is read again, completed items do not run again, and new lines are added."
          + " Once all items have completed, the same command begins a new run.",
      "%nThe output of each item is printed in one piece, once its end is durable. The exit code"
          + " is 1 if any item failed. The last line on standard error shows the counts.",
      "%nCtrl-C ends running commands at once (TERM, after 5 s KILL); on SIGTERM and SIGHUP they"
          + " first get the grace period. Their items count as unfinished. A second signal kills"
          + " them."
    })
public final class EachCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;
  private final Consumer<Integer> halt;

  @Option(
      names = {"-j", "--jobs"},
      paramLabel = "N",
      description =
          "Maximum number of commands that run at once. Default: as configured, else the number"
              + " of processors.")
  private @Nullable String concurrency;

  @Option(names = "--name", paramLabel = "NAME", description = "The name of the run.")
  private @Nullable String name;

  @Option(
      names = "--retries",
      paramLabel = "N",
      description =
          "Maximum number of retries of a failed item, after 1 s, 2 s, 4 s, … Default: 0.")
  private int retries;

  @Option(
      names = "--timeout",
      paramLabel = "D",
      description = "Maximum run time of a command, such as 30s, 5m or 1h30m. Default: no limit.")
  private @Nullable Duration timeout;

  @Option(
      names = "--grace",
      paramLabel = "D",
      description =
          "Grace period for commands after SIGTERM or SIGHUP. Default: as configured, else 20s.")
  private @Nullable String grace;

  @Option(
      names = {"-0", "--null"},
      description = "Items end with NUL instead of a newline; empty items are not skipped.")
  private boolean isNulSeparated;

  @Option(
      names = "--output-dir",
      paramLabel = "DIR",
      description =
          "Writes the output of each item to files in this folder instead of printing it:"
              + " LINE-HASH.out and .err, with the line's number and the first 8 hex digits of its"
              + " SHA-256.")
  private @Nullable Path outputFolder;

  @Option(names = "--fresh", description = "Always begins a new run.")
  private boolean isFresh;

  @Parameters(
      paramLabel = "COMMAND",
      arity = "1..*",
      description = "The program and its arguments.")
  private List<String> command = List.of();

  public EachCommand(DbOption db, Console console, Consumer<Integer> halt) {
    this.db = db;
    this.console = console;
    this.halt = halt;
  }

  @Override
  public Integer call() throws InterruptedException {
    NodeConfig node = db.configure(flags(), LogUse.ITEMS).settings().node();
    EachPlan plan =
        new EachPlan(
            command,
            Path.of("").toAbsolutePath(),
            Optional.ofNullable(name),
            node.name("each"),
            retries,
            Optional.ofNullable(timeout),
            isNulSeparated ? '\0' : '\n',
            Optional.ofNullable(outputFolder).map(EachCommand::created),
            isFresh);
    try (Holdfast holdfast = db.open()) {
      return Pass.run(plan, holdfast, db.folder(), console, halt);
    }
  }

  private List<Flag> flags() {
    List<Flag> flags = new ArrayList<>();
    Flag.ifGiven(Keys.WORKER_CONCURRENCY, "--jobs", concurrency).ifPresent(flags::add);
    Flag.ifGiven(Keys.WORKER_GRACE, "--grace", grace).ifPresent(flags::add);
    return flags;
  }

  private static Path created(Path folder) {
    try {
      return Files.createDirectories(folder);
    } catch (IOException failure) {
      throw new InvalidRequestException(
          "--output-dir '%s' cannot be created: %s".formatted(folder, failure), failure);
    }
  }
}
