package dev.holdfast.cli.jobs;

import dev.holdfast.BulkOperation;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.http.Json;
import dev.holdfast.http.wire.BulkOperationJson;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast bulk}. */
@Command(
    name = "bulk",
    header = "Shows bulk operations, newest first.",
    description = {
      "%nA bulk operation changes many jobs in the background, batch by batch. It is started over"
          + " HTTP, in the console or in Java, and survives the death of any process."
    })
public final class BulkCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--json", description = "Prints one JSON object a line.")
  private boolean isJson;

  private BulkCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  /** Creates the command with its subcommands. */
  public static CommandLine line(DbOption db, Console console) {
    return new CommandLine(new BulkCommand(db, console))
        .addSubcommand(new BulkShowCommand(db, console))
        .addSubcommand(new BulkCancelCommand(db, console));
  }

  @Override
  public Integer call() {
    try (OpenQueue opened = db.openExistingQueue()) {
      List<BulkOperation> operations = opened.queue().bulkOperations().list();
      if (isJson) {
        operations.forEach(one -> console.line(Json.write(BulkOperationJson.of(one))));
      } else {
        print(operations);
      }
    }
    return ExitCodes.OK;
  }

  private void print(List<BulkOperation> operations) {
    Table table = new Table("ID", "AT", "ACTION", "STATE", "DONE", "LEFT ALONE", "SEARCHED", "BY");
    for (BulkOperation one : operations) {
      table.add(
          one.id().toString(),
          one.createdAt().truncatedTo(ChronoUnit.SECONDS).toString(),
          one.request().action().name().toLowerCase(Locale.ROOT),
          one.state().name(),
          "%,d".formatted(one.done()),
          "%,d".formatted(one.leftAlone()),
          "%,d".formatted(one.searched()),
          one.by());
    }
    if (!table.isEmpty()) {
      table.print(console);
    }
  }
}
