package dev.holdfast.cli.failures;

import dev.holdfast.FailureGroup;
import dev.holdfast.Failures;
import dev.holdfast.Failures.Changed;
import dev.holdfast.Fingerprint;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.OpenQueue;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.ExitCodes;
import dev.holdfast.error.NotFoundException;
import java.util.concurrent.Callable;
import java.util.function.BiFunction;
import picocli.CommandLine.Parameters;

/** A command that changes all dead letters of a group, step by step. */
abstract class FailureAction implements Callable<Integer> {
  private final DbOption db;
  private final Console console;

  @Parameters(paramLabel = "FINGERPRINT", description = "The group, as shown by holdfast failures.")
  private String fingerprint = "";

  FailureAction(DbOption db, Console console) {
    this.db = db;
    this.console = console;
  }

  /** Changes some jobs of the group. */
  abstract Changed change(Failures failures, Fingerprint group, String by);

  /** Returns what is said of the jobs, after their number. */
  abstract String done();

  @Override
  public Integer call() {
    Fingerprint group = Fingerprint.parse(fingerprint);
    try (OpenQueue opened = db.openExistingQueue()) {
      Failures failures = opened.queue().failures();
      String by = Person.name();
      console.line(
          "%,d jobs %s".formatted(all(failures, group, (f, g) -> change(f, g, by)), done()));
    }
    return ExitCodes.OK;
  }

  /** Jobs that fail again meanwhile are not taken again: no more than there were. */
  private static long all(
      Failures failures, Fingerprint group, BiFunction<Failures, Fingerprint, Changed> change) {
    long jobs =
        failures
            .find(group)
            .map(FailureGroup::jobs)
            .orElseThrow(
                () -> new NotFoundException("no dead letter has the fingerprint " + group));
    long done = 0;
    Changed some = new Changed(0, true);
    while (some.isMore() && done < jobs) {
      some = change.apply(failures, group);
      done += some.jobs();
      if (some.jobs() == 0) {
        break;
      }
    }
    return done;
  }
}
