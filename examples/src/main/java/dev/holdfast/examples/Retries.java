package dev.holdfast.examples;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.Holdfast;
import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.Outcome;
import dev.holdfast.RetryPolicy;
import dev.holdfast.error.NotRetryableException;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;

/** Handlers that fail: with a retry policy, a given delay, or no retry. */
public final class Retries {
  private Retries() {}

  /** Prints how three jobs end; the queue's file is the first argument. */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    String file = args.length > 0 ? args[0] : "jobs.db";
    System.out.println(thirdTime(file).attempt());
    System.out.println(refused(file).failure().orElseThrow().kind());
    System.out.println(askedToWait(file).attempt());
  }

  static Job thirdTime(String file) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: policy
      HandlerPolicy patient =
          HandlerPolicy.defaults()
              .retry(
                  RetryPolicy.exponential()
                      .from(Duration.ofMillis(50))
                      .times(2)
                      .upTo(Duration.ofMinutes(5))
                      .jitter(0.1));
      holdfast.handle(
          "fetch",
          String.class,
          (address, job) -> {
            if (job.attempt() < 3) {
              throw new IOException("no answer from " + address);
            }
            return "fetched at attempt " + job.attempt();
          },
          patient);
      // end
      holdfast.start();
      // snippet: attempts
      JobId id = holdfast.enqueue(NewJob.of("fetch", "example.org").maxAttempts(5)).id();
      // end
      return holdfast.await(id, Duration.ofSeconds(30)).get();
    }
  }

  static Job refused(String file) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: not-retryable
      holdfast.handle(
          "charge",
          String.class,
          (card, job) -> {
            if (card.isBlank()) {
              throw new NotRetryableException("there is no card: no retry can help");
            }
            return "charged";
          });
      // end
      holdfast.start();
      JobId id = holdfast.enqueue(NewJob.of("charge", "")).id();
      return holdfast.await(id, Duration.ofSeconds(30)).get();
    }
  }

  static Job askedToWait(String file) throws ExecutionException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file)) {
      // snippet: retry-in
      holdfast.handle(
          "call",
          String.class,
          (api, job) ->
              job.attempt() == 1
                  ? Outcome.retryIn(Duration.ofMillis(200), "the API asked us to wait")
                  : "called");
      // end
      holdfast.start();
      JobId id = holdfast.enqueue(NewJob.of("call", "weather")).id();
      return holdfast.await(id, Duration.ofSeconds(30)).get();
    }
  }
}
