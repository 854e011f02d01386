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

/** {@code holdfast resume}. */
@Command(
    name = "resume",
    header = "Resumes interrupted jobs, from their checkpoints.",
    description = {
      "%nJobs of a type with the recovery policy HOLD are held when they are interrupted:"
          + " 'holdfast list --state INTERRUPTED' lists them, 'holdfast show ID' shows one,"
          + " 'holdfast cancel ID' discards it. A resumed job returns to its place in the queue,"
          + " and the interrupted attempt does not count."
    })
public final class ResumeCommand extends JobAction {
  public ResumeCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  List<Changed> apply(JobQueue queue, List<JobId> ids) {
    return queue.resume(ids, Person.name());
  }

  @Override
  BulkAction action() {
    return BulkAction.RESUME;
  }

  @Override
  String done() {
    return "resumed";
  }

  @Override
  Set<JobState> states() {
    return EnumSet.of(JobState.INTERRUPTED);
  }

  @Override
  String refusal(JobState state) {
    return "only an INTERRUPTED job can be resumed";
  }
}
