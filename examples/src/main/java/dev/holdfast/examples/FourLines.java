package dev.holdfast.examples;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** The smallest program: a queue, a handler, a job. */
public final class FourLines {
  private FourLines() {}

  /** Prints a greeting for the first argument; the queue's file is the second. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    String name = args.length > 0 ? args[0] : "Ada";
    String file = args.length > 1 ? args[1] : "jobs.db";
    System.out.println(greet(name, file));
  }

  static String greet(String name, String file) throws ExecutionException, InterruptedException {
    // snippet: four-lines
    try (Holdfast holdfast = Holdfast.open(file)) {
      holdfast.handle("greet", String.class, (who, job) -> "Hello, " + who + "!");
      holdfast.start();
      JobId id = holdfast.enqueue(NewJob.of("greet", name)).id();
      return holdfast.await(id, Duration.ofSeconds(30)).get().result().orElseThrow();
    }
    // end
  }
}
