package dev.holdfast.cli.health;

import dev.holdfast.QueueStatus;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.Secrets;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Watch;
import dev.holdfast.http.Json;
import dev.holdfast.http.Redaction;
import dev.holdfast.http.wire.StatusJson;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code holdfast status}. */
@Command(name = "status", header = "Shows the health of the queue; always exits with 0.")
public final class StatusCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Mixin private Secrets secrets = new Secrets();

  @Mixin private Watch watch = new Watch();

  @Option(names = "--json", description = "Prints one JSON object.")
  private boolean isJson;

  public StatusCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    Redaction redaction = secrets.redaction(db);
    try (OpenQueue opened = db.openExistingQueue()) {
      return watch.show(console, isJson, shown -> show(opened.queue().status(), redaction, shown));
    }
  }

  private void show(QueueStatus status, Redaction redaction, Console shown) {
    if (isJson) {
      shown.line(Json.write(StatusJson.of(status, console.time().now(), redaction)));
    } else {
      new StatusText(status, shown).print();
    }
  }
}
