package dev.holdfast.spi;

import dev.holdfast.Lease;
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
 */
public record Claimed(
    Lease lease,
    String queue,
    String type,
    String payload,
    int payloadVersion,
    int maxAttempts,
    int crashes,
    Optional<Duration> timeout) {}
