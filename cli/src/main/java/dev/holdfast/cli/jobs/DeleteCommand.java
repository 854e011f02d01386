package dev.holdfast.cli.jobs;

import dev.holdfast.BulkAction;
import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** {@code holdfast delete}. */
@Command(
    name = "delete",
    header = "Deletes jobs with their history and log.",
    description = {"%nJobs in any state but RUNNING can be deleted."})
public final class DeleteCommand extends JobAction {
  public DeleteCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  List<Changed> apply(JobQueue queue, List<JobId> ids) {
    return queue.delete(ids);
  }

  @Override
  BulkAction action() {
    return BulkAction.DELETE;
  }

  @Override
  String done() {
    return "deleted";
  }

  @Override
  Set<JobState> states() {
    return EnumSet.complementOf(EnumSet.of(JobState.RUNNING));
  }

  @Override
  String refusal(JobState state) {
    return "cancel it first, then delete it";
  }
}
