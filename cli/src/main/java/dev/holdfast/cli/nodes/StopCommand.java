package dev.holdfast.cli.nodes;

import dev.holdfast.NodeCommand;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast workers stop}. */
@Command(
    name = "stop",
    header = "Tells nodes to shut down: their processes exit.",
    description = {
      "%nThey claim no more jobs, let running jobs finish within the grace period, and give back"
          + " the rest. A program of your own closes its queue; holdfast work exits."
    })
public final class StopCommand extends NodeCommands {
  public StopCommand(DbOption db, Console console) {
    super(NodeCommand.STOP, db, console);
  }
}
