package dev.holdfast.cli.queues;

import dev.holdfast.JobQueue;
import dev.holdfast.cli.options.DbOption;
import dev.holdfast.cli.options.Person;
import dev.holdfast.cli.terminal.Console;
import picocli.CommandLine.Command;

/** {@code holdfast queues pause}. */
@Command(
    name = "pause",
    header = "Pauses queues: no more of their jobs start.",
    description = {
      "%nRunning jobs continue, and new jobs are enqueued. No claim that begins after this"
          + " command takes"
          + " one."
    })
public final class QueuePauseCommand extends QueueAction {
  public QueuePauseCommand(DbOption db, Console console) {
    super(db, console);
  }

  @Override
  boolean apply(JobQueue jobQueue, String queue) {
    return jobQueue.queues().pause(queue, Person.name());
  }

  @Override
  String done() {
    return "paused";
  }

  @Override
  String notDone() {
    return "is already paused";
  }
}
