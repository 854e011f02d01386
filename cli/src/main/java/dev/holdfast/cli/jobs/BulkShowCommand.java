package dev.holdfast.cli.jobs;

import dev.holdfast.BulkOperations;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code holdfast bulk show}. */
@Command(
    name = "show",
    header = "Shows a bulk operation: what it does, to which jobs, and how far it is.")
final class BulkShowCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "ID", description = "The operation: its id, or the beginning of it.")
  private String id = "";

  @Option(names = "--json", description = "Prints the operation as a JSON object.")
  private boolean isJson;

  BulkShowCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      BulkOperations operations = opened.queue().bulkOperations();
      BulkAnswer.print(console, BulkAnswer.find(operations, id), isJson);
    }
    return ExitCodes.OK;
  }
}
