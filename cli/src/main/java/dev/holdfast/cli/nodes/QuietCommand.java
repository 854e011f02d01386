package dev.holdfast.cli.nodes;

import dev.holdfast.NodeCommand;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast workers quiet}. */
@Command(
    name = "quiet",
    header = "Tells nodes to claim no more jobs; running jobs continue.",
    description = {
      "%nThe same as holdfast drain, which can also wait. A node that starts later is not"
          + " concerned."
    })
public final class QuietCommand extends NodeCommands {
  public QuietCommand(DbOption db, Console console) {
    super(NodeCommand.DRAIN, db, console);
  }
}
