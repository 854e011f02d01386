package dev.holdfast.cli;

import dev.holdfast.NodeOrder;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast workers quiet}. */
@Command(
    name = "quiet",
    header = "Tells nodes to take no more jobs; what runs goes on.",
    description = {
      "%nThe same as holdfast drain, which can also wait for it. A node that starts later is not"
          + " concerned."
    })
final class QuietCommand extends NodeSteering {
  QuietCommand(DbOption db, Console console) {
    super(NodeOrder.DRAIN, db, console);
  }
}
