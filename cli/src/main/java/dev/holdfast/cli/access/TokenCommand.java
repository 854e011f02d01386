package dev.holdfast.cli.access;

import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code holdfast token}. */
@Command(name = "token", header = "Manages the API tokens of the queue's server.")
public final class TokenCommand implements Callable<Integer> {
  private final Console console;

  @Spec private CommandSpec spec = CommandSpec.create();

  private TokenCommand(Console console) {
    this.console = console;
  }

  public static CommandLine line(DbOption db, Console console) {
    CommandLine line = new CommandLine(new TokenCommand(console));
    line.addSubcommand(new TokenCreateCommand(db, console));
    line.addSubcommand(new TokenListCommand(db, console));
    return line.addSubcommand(new TokenRevokeCommand(db, console));
  }

  @Override
  public Integer call() {
    console.write(spec.commandLine().getUsageMessage());
    return ExitCodes.OK;
  }
}
