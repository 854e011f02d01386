package dev.holdfast.spi.server;

import java.time.Instant;
import java.util.Optional;

/**
 * An alert as of one instant.
 *
 * @param rule the condition that raises it
 * @param createdBy the person or program that created it
 * @param checkedAt time of the last measurement
 * @param value the measured value; empty if nothing could be measured
 * @param raisedAt time at which it was raised; empty if it is not
 */
public record Alert(
    AlertRule rule,
    String createdBy,
    Optional<Instant> checkedAt,
    Optional<Long> value,
    Optional<Instant> raisedAt) {}
