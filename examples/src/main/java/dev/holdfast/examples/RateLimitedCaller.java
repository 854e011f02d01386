package dev.holdfast.examples;

import dev.holdfast.Enqueued;
import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import dev.holdfast.QueueSettings.Rate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.stream.IntStream;

/** Calls a service that allows so many calls in a period, however many nodes there are. */
public final class RateLimitedCaller {
  private static final Duration WAIT = Duration.ofMinutes(1);

  private RateLimitedCaller() {}

  /** Makes ten calls, from a queue in the file that the first argument names. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    System.out.println(call(args.length > 0 ? args[0] : "jobs.db", 10));
  }

  static int call(String file, int calls) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: rate
      holdfast.configure(
          "geocoder",
          settings ->
              settings
                  .rate(Optional.of(new Rate(5, Duration.ofSeconds(1)))) // 5 in any second
                  .concurrency(Optional.of(2))); // and never more than two at once
      // end
      holdfast.handle("geocode", String.class, (address, job) -> address.length());
      holdfast.start();
      List<Enqueued> jobs =
          holdfast.enqueue(
              IntStream.range(0, calls)
                  .mapToObj(number -> NewJob.of("geocode", "Street " + number).on("geocoder"))
                  .toList());
      return holdfast.await(jobs.stream().map(Enqueued::id).toList(), WAIT).get().size();
    }
  }
}
