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

/** {@code holdfast retry}. */
@Command(
    name = "retry",
    header =
        "Puts failed, cancelled and interrupted jobs back into the queue, with all their attempts.",
    description = {"%nA filter without --state means FAILED jobs."})
final class RetryCommand extends Steering {
  RetryCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  List<Changed> steer(JobQueue queue, List<JobId> ids) {
    return queue.retry(ids, "cli");
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
