package dev.holdfast.cli.failures;

import dev.holdfast.Failures;
import dev.holdfast.Failures.Changed;
import dev.holdfast.Fingerprint;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast failures delete}. */
@Command(name = "delete", header = "Deletes the dead letters of a group.")
public final class FailuresDeleteCommand extends FailureAction {
  public FailuresDeleteCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  Changed change(Failures failures, Fingerprint group, String by) {
    return failures.delete(group);
  }

  @Override
  String done() {
    return "deleted";
  }
}
