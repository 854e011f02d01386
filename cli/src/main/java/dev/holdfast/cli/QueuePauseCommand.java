package dev.holdfast.cli;

import dev.holdfast.JobQueue;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast queues pause}. */
@Command(
    name = "pause",
    header = "Lets no more jobs of queues begin.",
    description = {
      "%nWhat runs goes on, and new jobs are enqueued. No claim that begins after the answer takes one."
    })
final class QueuePauseCommand extends QueueSteering {
  QueuePauseCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  boolean steer(JobQueue jobQueue, String queue) {
    return jobQueue.pauseQueue(queue, "cli");
  }

  @Override
  String done() {
    return "paused";
  }

  @Override
  String notDone() {
    return "was paused before";
  }
}
