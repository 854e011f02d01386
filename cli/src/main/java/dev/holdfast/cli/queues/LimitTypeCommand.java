package dev.holdfast.cli.queues;

import dev.holdfast.JobQueue;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.error.InvalidRequestException;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** {@code holdfast limits type}. */
@Command(
    name = "type",
    header = "Limits how many jobs of a type run at once on all nodes, across all queues.",
    description = "%nThe type needs no handler yet. Running jobs count, and continue.")
public final class LimitTypeCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(index = "0", paramLabel = "TYPE", description = "The type.")
  private String type = "";

  @Parameters(
      index = "1",
      paramLabel = "N|none",
      description = "The maximum, or none for no limit.")
  private String most = "";

  public LimitTypeCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    Optional<Integer> limit = limit();
    try (OpenQueue opened = db.openQueue()) {
      JobQueue queue = opened.queue();
      queue.queues().limitType(type, limit.orElse(null));
    }
    console.line("%s: %s".formatted(Text.safe(type), limit.map(String::valueOf).orElse("none")));
    return ExitCodes.OK;
  }

  private Optional<Integer> limit() {
    try {
      return most.equals("none") ? Optional.empty() : Optional.of(Integer.valueOf(most));
    } catch (NumberFormatException notOne) {
      throw new InvalidRequestException(
          "the limit must be a number of jobs or 'none', was '%s'".formatted(most), notOne);
    }
  }
}
