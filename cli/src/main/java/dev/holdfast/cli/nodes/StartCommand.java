package dev.holdfast.cli.nodes;

import dev.holdfast.NodeCommand;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast workers start}. */
@Command(
    name = "start",
    header = "Tells drained nodes to claim jobs again.",
    description = {"%nThis starts no process; holdfast work does."})
public final class StartCommand extends NodeCommands {
  public StartCommand(DbOption db, Console console) {
    super(NodeCommand.RUN, db, console);
  }
}
