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

/** {@code holdfast cancel}. */
@Command(
    name = "cancel",
    header = "Cancels jobs that have not finished.",
    description = {"%nA running handler is interrupted at once."})
public final class CancelCommand extends JobAction {
  public CancelCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  List<Changed> apply(JobQueue queue, List<JobId> ids) {
    return queue.cancel(ids, Person.name());
  }

  @Override
  BulkAction action() {
    return BulkAction.CANCEL;
  }

  @Override
  String done() {
    return "cancelled";
  }

  @Override
  Set<JobState> states() {
    return EnumSet.of(
        JobState.SCHEDULED,
        JobState.BLOCKED,
        JobState.PENDING,
        JobState.RUNNING,
        JobState.INTERRUPTED);
  }

  @Override
  String refusal(JobState state) {
    return "only a job that has not finished can be cancelled";
  }
}
