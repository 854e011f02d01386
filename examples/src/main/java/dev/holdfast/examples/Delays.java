package dev.holdfast.examples;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Jobs with a delay or a start time. */
public final class Delays {
  private Delays() {}

  /** Prints when two jobs are due; the queue's file is the first argument. */
  public static void main(String[] args) {
    String file = args.length > 0 ? args[0] : "jobs.db";
    later(file).forEach(job -> System.out.println(job.state() + " until " + job.runAt()));
  }

  static List<Job> later(String file) {
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: later
      JobId soon = holdfast.enqueue(NewJob.of("remind", "Ada").in(Duration.ofMinutes(5))).id();
      Instant newYear = Instant.parse("2100-01-01T00:00:00Z");
      JobId then = holdfast.enqueue(NewJob.of("remind", "Ada").at(newYear)).id();
      // end
      return List.of(holdfast.find(soon).orElseThrow(), holdfast.find(then).orElseThrow());
    }
  }
}
