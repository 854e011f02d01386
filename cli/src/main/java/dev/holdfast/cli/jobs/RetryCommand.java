package dev.holdfast.cli.jobs;

import dev.holdfast.BulkAction;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** {@code holdfast retry}. */
@Command(
    name = "retry",
    header =
        "Returns failed, cancelled and interrupted jobs to the queue, with all attempts available"
            + " again.",
    description = {"%nA filter without --state selects FAILED jobs."})
public final class RetryCommand extends JobAction {
  public RetryCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  List<Changed> apply(JobQueue queue, List<JobId> ids) {
    return queue.retry(ids, Person.name());
  }

  @Override
  BulkAction action() {
    return BulkAction.RETRY;
  }

  @Override
  String done() {
    return "retried";
  }

  @Override
  Set<JobState> states() {
    return EnumSet.of(JobState.FAILED);
  }

  @Override
  String refusal(JobState state) {
    return "only a FAILED, CANCELLED or INTERRUPTED job can be retried";
  }
}
