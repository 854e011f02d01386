package dev.holdfast.spi;

import dev.holdfast.TraceContext;
import java.time.Duration;
import java.util.Optional;

/**
 * A job under a new lease, with everything needed to run it. The payload is not decoded yet.
 *
 * @param lease the right to run it
 * @param queue its queue
 * @param type the handler's name
 * @param payload JSON
 * @param payloadVersion the version of its type that wrote the payload
 * @param maxAttempts maximum number of attempts
 * @param crashes how often its process died
 * @param timeout maximum run time of this attempt, or empty
 * @param metadata a JSON object, or empty
 * @param line the permit it shares, or empty: of the jobs that share one, a node must run no more
 *     than one at a time, in the order in which they came, as together they count as one under a
 *     limit
 * @param alone whether it runs under a limit of 1
 * @param waited how long it had been due when it was claimed, by the store's clock
 */
public record Claimed(
    Lease lease,
    String queue,
    String type,
    String payload,
    int payloadVersion,
    int maxAttempts,
    int crashes,
    Optional<Duration> timeout,
    Optional<String> metadata,
    Optional<Long> line,
    boolean alone,
    Duration waited) {

  /** Returns the same job with this shared permit, alone or not. */
  public Claimed inLine(long newLine, boolean newAlone) {
    return new Claimed(
        lease,
        queue,
        type,
        payload,
        payloadVersion,
        maxAttempts,
        crashes,
        timeout,
        metadata,
        Optional.of(newLine),
        newAlone,
        waited);
  }

  /** Returns what the end of the attempt needs to say about the job. */
  public Origin origin() {
    return new Origin(queue, type, waited);
  }

  /** The trace that it was enqueued in; the same for every attempt. */
  public Optional<TraceContext> trace() {
    return metadata.flatMap(TraceContext::in);
  }
}
