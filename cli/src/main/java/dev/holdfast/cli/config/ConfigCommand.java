package dev.holdfast.cli.config;

import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;

/** {@code holdfast config}. */
@Command(
    name = "config",
    header = "Shows or checks the configuration, without a database.",
    synopsisSubcommandLabel = "COMMAND")
public final class ConfigCommand implements Callable<Integer> {
  private final Console console;

  public ConfigCommand(Console console) {
    this.console = console;
  }

  @Override
  public Integer call() {
    console.say("no command given (see holdfast config --help)");
    return ExitCodes.USAGE;
  }
}
