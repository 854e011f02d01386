package dev.holdfast.cli.queues;

import dev.holdfast.JobQueue;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast queues resume}. */
@Command(
    name = "resume",
    header = "Resumes paused queues, and wakes their nodes.",
    description = {"%nTheir jobs keep their order."})
public final class QueueResumeCommand extends QueueAction {
  public QueueResumeCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  boolean apply(JobQueue jobQueue, String queue) {
    return jobQueue.queues().resume(queue);
  }

  @Override
  String done() {
    return "resumed";
  }

  @Override
  String notDone() {
    return "is not paused";
  }
}
