package dev.holdfast.server.undertow;

import java.time.Duration;

/**
 * How much a listener takes in at once, and for how long it waits for whoever sends.
 *
 * @param connections open at once; whoever comes then waits until one is closed
 * @param callerThreads requests of callers that are answered at once
 * @param workerThreads requests of workers that are answered at once
 * @param waiting requests that may wait for a thread, in each of the two lanes; more are answered
 *     503
 * @param later answers that may wait at once, see {@link dev.holdfast.server.route.Answer.Later}
 * @param headers how long the headers of a request may take to arrive
 * @param idle how long nothing may be sent either way
 */
public record Capacity(
    int connections,
    int callerThreads,
    int workerThreads,
    int waiting,
    int later,
    Duration headers,
    Duration idle) {

  /** That of a server; idle is longer than anybody waits for an answer. */
  public static Capacity defaults() {
    return new Capacity(
        2_000, 64, 32, 1_000, 1_000, Duration.ofSeconds(10), Duration.ofSeconds(90));
  }

  /** With so many connections. */
  public Capacity connections(int most) {
    return new Capacity(most, callerThreads, workerThreads, waiting, later, headers, idle);
  }

  /** With so many requests inside each lane: one is answered, the others wait. */
  public Capacity inside(int most) {
    return new Capacity(connections, 1, 1, most - 1, later, headers, idle);
  }

  /** Waiting so long for headers, and for whatever else is sent. */
  public Capacity patience(Duration newHeaders, Duration newIdle) {
    return new Capacity(
        connections, callerThreads, workerThreads, waiting, later, newHeaders, newIdle);
  }
}
