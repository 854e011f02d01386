package dev.holdfast.cli;

import dev.holdfast.JobQueue;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast queues resume}. */
@Command(
    name = "resume",
    header = "Ends the pause of queues, and wakes their nodes.",
    description = {"%nTheir jobs go on in their order."})
final class QueueResumeCommand extends QueueSteering {
  QueueResumeCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  boolean steer(JobQueue jobQueue, String queue) {
    return jobQueue.resumeQueue(queue);
  }

  @Override
  String done() {
    return "resumed";
  }

  @Override
  String notDone() {
    return "was not paused";
  }
}
