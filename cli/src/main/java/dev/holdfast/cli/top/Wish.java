package dev.holdfast.cli.top;

import dev.holdfast.JobId;
import dev.holdfast.JobQueue;

/** A request of a key that concerns more than the screen. */
sealed interface Wish {
  /** Ends the program. */
  record Quit() implements Wish {}

  /** Reads everything again. */
  record Refresh() implements Wish {}

  /**
   * Opens a job.
   *
   * @param job the job
   */
  record Open(JobId job) implements Wish {}

  /**
   * Pauses or resumes a queue.
   *
   * @param queue its name
   * @param isPause whether it is to be paused
   */
  record SetPaused(String queue, boolean isPause) implements Wish {
    /** Does it, and returns what was done. */
    String apply(JobQueue jobs, String by) {
      boolean isDone = isPause ? jobs.queues().pause(queue, by) : jobs.queues().resume(queue);
      String state = isPause ? "paused" : "resumed";
      return "queue '%s' %s %s".formatted(queue, isDone ? "is" : "was already", state);
    }
  }
}
