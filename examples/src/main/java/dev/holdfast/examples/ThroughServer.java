package dev.holdfast.examples;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.http.client.HttpJobQueue;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ExecutionException;

/** A job that is enqueued through a server and runs there. */
public final class ThroughServer {
  private ThroughServer() {}

  /**
   * Prints the final state of a job.
   *
   * @param args the address of the server; the token is in {@code HOLDFAST_API_TOKEN}
   */
  public static void main(String[] args) throws ExecutionException, InterruptedException {
    String token =
        requireNonNull(System.getenv("HOLDFAST_API_TOKEN"), "HOLDFAST_API_TOKEN is not set");
    System.out.println(mail(URI.create(args[0]), token).state());
  }

  static Job mail(URI server, String token) throws ExecutionException, InterruptedException {
    // snippet: client
    try (HttpJobQueue queue = HttpJobQueue.connect(server, token)) {
      JobId id = queue.enqueue(NewJob.of("mail", Map.of("to", "ada"))).id();
      return queue.await(id, Duration.ofSeconds(30)).get();
    }
    // end
  }
}
