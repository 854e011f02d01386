package dev.holdfast.server.undertow;

import java.time.Duration;

/**
 * The limits of a listener.
 *
 * @param connections open connections; further ones wait until one is closed
 * @param callerThreads requests of callers that are handled at once
 * @param workerThreads requests of workers that are handled at once
 * @param waiting requests that may wait for a thread, in each of the two pools; more get 503
 * @param later responses that may wait at once, see {@link dev.holdfast.server.route.Answer.Later}
 * @param headers the timeout for the headers of a request
 * @param idle the timeout for a connection without traffic
 */
public record Capacity(
    int connections,
    int callerThreads,
    int workerThreads,
    int waiting,
    int later,
    Duration headers,
    Duration idle) {

  /** Returns the limits of a server; idle is longer than the longest wait for a response. */
  public static Capacity defaults() {
    return new Capacity(
        2_000, 64, 32, 1_000, 1_000, Duration.ofSeconds(10), Duration.ofSeconds(90));
  }

  /** Returns a copy with this number of connections. */
  public Capacity connections(int most) {
    return new Capacity(most, callerThreads, workerThreads, waiting, later, headers, idle);
  }

  /** Returns a copy with this number of requests in each pool: one is handled, the others wait. */
  public Capacity inside(int most) {
    return new Capacity(connections, 1, 1, most - 1, later, headers, idle);
  }

  /** Returns a copy with these timeouts. */
  public Capacity patience(Duration newHeaders, Duration newIdle) {
    return new Capacity(
        connections, callerThreads, workerThreads, waiting, later, newHeaders, newIdle);
  }
}
