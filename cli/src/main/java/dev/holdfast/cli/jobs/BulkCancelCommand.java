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

/** {@code holdfast bulk cancel}. */
@Command(
    name = "cancel",
    description = "%nWhat it has done stays done.",
    header = "Stops a bulk operation.")
final class BulkCancelCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "ID", description = "The operation: its id, or the beginning of it.")
  private String id = "";

  @Option(names = "--json", description = "Prints the operation as a JSON object.")
  private boolean isJson;

  BulkCancelCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      BulkOperations operations = opened.queue().bulkOperations();
      BulkAnswer.print(console, operations.cancel(BulkAnswer.find(operations, id).id()), isJson);
    }
    return ExitCodes.OK;
  }
}
