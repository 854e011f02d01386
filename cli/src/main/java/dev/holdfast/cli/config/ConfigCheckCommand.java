package dev.holdfast.cli.config;

import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.cli.terminal.Text;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code holdfast config check}. */
@Command(
    name = "check",
    header =
        "Checks file and environment; if there are errors, reports all of them and exits"
            + " with 78.")
public final class ConfigCheckCommand implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  public ConfigCheckCommand(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  @Override
  public Integer call() {
    console.line(
        db.configuration()
            .file()
            .map(file -> "no errors in " + Text.safe(file.toString()))
            .orElse("no errors; there is no file"));
    return ExitCodes.OK;
  }
}
