package dev.holdfast.examples;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;

/** Handlers that take too long: they are interrupted. */
public final class Timeouts {
  private Timeouts() {}

  /** Prints why a job failed; the queue's file is the first argument. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    System.out.println(tooLong(args.length > 0 ? args[0] : "jobs.db").failure().orElseThrow());
  }

  static Job tooLong(String file) throws ExecutionException, InterruptedException {
    CountDownLatch never = new CountDownLatch(1);
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: timeout
      holdfast.handle(
          "report",
          String.class,
          (name, job) -> {
            never.await(); // an InterruptedException ends it, as it ends most blocking calls
            return "written";
          },
          HandlerPolicy.defaults().timeout(Duration.ofMinutes(10))); // for every job of the type
      holdfast.start();
      JobId id =
          holdfast
              .enqueue(NewJob.of("report", "2026").timeout(Duration.ofMillis(200)).maxAttempts(1))
              .id(); // this job has less time
      // end
      return holdfast.await(id, Duration.ofSeconds(30)).get();
    }
  }
}
