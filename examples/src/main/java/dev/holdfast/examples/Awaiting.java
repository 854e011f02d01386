package dev.holdfast.examples;

import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** Enqueues many jobs in one call, and waits for all of them with one future. */
public final class Awaiting {
  private Awaiting() {}

  /** Prints the results; the queue's file is the first argument. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    System.out.println(squares(args.length > 0 ? args[0] : "jobs.db"));
  }

  static List<String> squares(String file) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file)) {
      holdfast.handle("square", Integer.class, (number, job) -> number * number);
      holdfast.start();
      // snippet: await
      List<NewJob> jobs =
          IntStream.rangeClosed(1, 100).mapToObj(n -> NewJob.of("square", n)).toList();
      List<JobId> ids = holdfast.queue().enqueue(jobs).stream().map(Enqueued::id).toList();
      List<Job> finished =
          holdfast.queue().await(ids, Duration.ofSeconds(30)).get(); // in this order
      // end
      return finished.stream().map(job -> job.result().orElseThrow()).toList();
    }
  }
}
