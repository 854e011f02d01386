package dev.holdfast.cli;

import dev.holdfast.NodeOrder;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast workers start}. */
@Command(
    name = "start",
    header = "Tells quiet nodes to take jobs again.",
    description = {"%nIt starts no process: holdfast work does."})
final class StartCommand extends NodeSteering {
  StartCommand(DbOption db, Console console) {
    super(NodeOrder.RUN, db, console);
  }
}
