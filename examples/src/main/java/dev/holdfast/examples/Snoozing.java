package dev.holdfast.examples;

import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.Outcome;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** A job that snoozes until its input exists. */
public final class Snoozing {
  private Snoozing() {}

  /** Waits for the file of the second argument; the queue's file is the first. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    String file = args.length > 0 ? args[0] : "jobs.db";
    String awaited = args.length > 1 ? args[1] : "upload.csv";
    try (Holdfast holdfast = Holdfast.open(file)) {
      Job job = arrival(holdfast, awaited);
      System.out.println(job.result().orElse("") + " at attempt " + job.attempt());
    }
  }

  static Job arrival(Holdfast holdfast, String awaited)
      throws ExecutionException, InterruptedException {
    // snippet: snooze
    holdfast.handle(
        "import",
        String.class,
        (path, job) ->
            Files.exists(Path.of(path))
                ? "imported"
                : Outcome.snooze(Duration.ofMillis(100))); // not a failure: no attempt is used up
    // end
    holdfast.start();
    JobId id = holdfast.enqueue(NewJob.of("import", awaited)).id();
    return holdfast.await(id, Duration.ofMinutes(5)).get();
  }
}
