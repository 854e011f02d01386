package dev.holdfast.spi;

import dev.holdfast.Lease;
import dev.holdfast.TraceContext;
import java.time.Duration;
import java.util.Optional;

/**
 * A job under a fresh lease, with what it takes to run it. The payload is not decoded yet.
 *
 * @param lease the right to run it
 * @param queue where it came from
 * @param type the handler's name
 * @param payload JSON
 * @param payloadVersion by which version of its type it is to be read
 * @param maxAttempts how many attempts there may be
 * @param crashes how often its process died
 * @param timeout limit to the time of this attempt, or empty
 * @param metadata a JSON object, or empty
 * @param line in which line it stands, or empty: of those that a node claimed in one line it must
 *     run no more than one at a time, in the order in which they came, as together they count as
 *     one under a limit
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
    Optional<Long> line) {

  /** The same job in this line. */
  public Claimed inLine(long newLine) {
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
        Optional.of(newLine));
  }

  /** The trace that it was enqueued in; the same for every attempt. */
  public Optional<TraceContext> trace() {
    return metadata.flatMap(TraceContext::in);
  }
}
