package dev.holdfast.cli.failures;

import dev.holdfast.Failures;
import dev.holdfast.Failures.Changed;
import dev.holdfast.Fingerprint;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast failures retry}. */
@Command(name = "retry", header = "Puts the dead letters of a group back into their queues.")
public final class FailuresRetryCommand extends FailureAction {
  public FailuresRetryCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  Changed change(Failures failures, Fingerprint group, String by) {
    return failures.retry(group, by);
  }

  @Override
  String done() {
    return "put back";
  }
}
