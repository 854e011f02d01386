package dev.holdfast.cli.demo;

import dev.holdfast.Holdfast;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code holdfast demo worker}; only the demo starts it. */
@Command(name = "worker", hidden = true, header = "A worker process of the demo.")
public final class DemoWorkerCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Option(names = "--name", paramLabel = "NAME", description = "Its name.")
  private String name = "demo";

  public DemoWorkerCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() throws InterruptedException {
    try (Holdfast holdfast = db.openExisting()) {
      DemoHandlers.run(holdfast, name, console);
    }
    return ExitCodes.OK;
  }
}
