package dev.holdfast.cli;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue;
import dev.holdfast.JobQueue.Changed;
import dev.holdfast.JobState;
import dev.holdfast.cli.terminal.Console;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import picocli.CommandLine.Command;

/** {@code holdfast resume}. */
@Command(
    name = "resume",
    header = "Lets interrupted jobs go on, from their checkpoints.",
    description = {
      "%nJobs whose type's recovery policy is HOLD are set aside when they are interrupted:"
          + " 'holdfast list --state INTERRUPTED' shows them, 'holdfast show ID' one of them,"
          + " 'holdfast cancel ID' discards it. A resumed job returns to its place in the queue, and"
          + " the interrupted attempt is given back."
    })
final class ResumeCommand extends Steering {
  ResumeCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  List<Changed> steer(JobQueue queue, List<JobId> ids) {
    return queue.resume(ids, "cli");
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
