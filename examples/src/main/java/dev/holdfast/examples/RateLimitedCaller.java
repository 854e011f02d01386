package dev.holdfast.examples;

import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import dev.holdfast.QueueSettings.Rate;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** Calls a service that limits the number of calls in a period, from any number of nodes. */
public final class RateLimitedCaller {
  private static final Duration WAIT = Duration.ofMinutes(1);

  private RateLimitedCaller() {}

  /** Makes ten calls; the queue's file is the first argument. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    System.out.println(call(args.length > 0 ? args[0] : "jobs.db", 10));
  }

  static int call(String file, int calls) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: rate
      holdfast
          .queue()
          .queues()
          .configure(
              "geocoder",
              settings ->
                  settings
                      .rate(new Rate(5, Duration.ofSeconds(1))) // 5 in any second
                      .concurrency(2)); // and never more than two at once
      // end
      holdfast.handle("geocode", String.class, (address, job) -> address.length());
      holdfast.start();
      List<Enqueued> jobs =
          holdfast
              .queue()
              .enqueue(
                  IntStream.range(0, calls)
                      .mapToObj(number -> NewJob.of("geocode", "Street " + number).on("geocoder"))
                      .toList());
      return holdfast.queue().await(jobs.stream().map(Enqueued::id).toList(), WAIT).get().size();
    }
  }
}
