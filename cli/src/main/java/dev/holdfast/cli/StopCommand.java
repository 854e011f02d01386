package dev.holdfast.cli;

import dev.holdfast.NodeOrder;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast workers stop}. */
@Command(
    name = "stop",
    header = "Tells nodes to end in order: their processes exit.",
    description = {
      "%nThey take no more jobs, let those that run end for the grace period, and give back the"
          + " rest. A program of your own closes its queue; holdfast work exits."
    })
final class StopCommand extends NodeSteering {
  StopCommand(DbOption db, Console console) {
    super(NodeOrder.STOP, db, console);
  }
}
