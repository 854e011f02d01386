package dev.holdfast.examples;

import dev.holdfast.Holdfast;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** A payload and a result that are records, both stored as JSON. */
public final class Results {
  private Results() {}

  // snippet: records
  record Order(String number, int cents) {}

  record Invoice(String order, int totalCents) {}

  // end

  /** Prints the invoice of one order; the queue's file is the first argument. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    System.out.println(invoice(args.length > 0 ? args[0] : "jobs.db"));
  }

  static String invoice(String file) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: handler
      holdfast.handle(
          "invoice",
          Order.class,
          (order, job) -> new Invoice(order.number(), order.cents() * 119 / 100));
      holdfast.start();
      // end
      // snippet: enqueue
      JobId id = holdfast.enqueue(NewJob.of("invoice", new Order("A-1", 10_000))).id();
      // end
      // snippet: result
      String json = holdfast.await(id, Duration.ofSeconds(30)).get().result().orElseThrow();
      // end
      return json;
    }
  }
}
