package dev.holdfast.examples;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.Outcome;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** A job that waits for an approval. */
public final class Approval {
  private Approval() {}

  /** Prints what was paid; the queue's file is the first argument. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    System.out.println(pay(args.length > 0 ? args[0] : "jobs.db"));
  }

  static String pay(String file) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: handler
      holdfast.handle(
          "pay",
          String.class,
          (invoice, job) -> invoice + " paid, " + job.signal("approval").orElse("unasked"));
      // end
      holdfast.start();
      // snippet: enqueue
      JobId id =
          holdfast
              .enqueue(NewJob.of("pay", "A-1").untilSignal("approval", Duration.ofDays(3)))
              .id();
      // end
      // snippet: signal
      holdfast.queue().signal(id, "approval", "by Ada", "the web form");
      // end
      return holdfast.await(id, Duration.ofSeconds(30)).get().result().orElseThrow();
    }
  }

  /** Lets the handler itself decide whether it has to ask. */
  static String order(String file, int euros) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: ask
      holdfast.handle(
          "order",
          Integer.class,
          (price, job) ->
              price > 1_000 && job.signal("approval").isEmpty()
                  ? Outcome.untilSignal("approval", Duration.ofDays(3))
                  : "ordered for " + price + ", " + job.signal("approval").orElse("unasked"));
      // end
      holdfast.start();
      JobId id = holdfast.enqueue(NewJob.of("order", euros)).id();
      if (euros > 1_000) {
        holdfast
            .queue()
            .signal(id, "approval", "by Ada", "the web form"); // before it asks, or after
      }
      return holdfast.await(id, Duration.ofSeconds(30)).get().result().orElseThrow();
    }
  }
}
