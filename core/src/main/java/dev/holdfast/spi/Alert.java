package dev.holdfast.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that is watched, as it was seen at one instant.
 *
 * @param rule when it is raised
 * @param createdBy who asked for it
 * @param checkedAt when it was measured last
 * @param value what was measured; empty if nothing could be
 * @param raisedAt since when it is raised; empty if it is not
 */
public record Alert(
    AlertRule rule,
    String createdBy,
    Optional<Instant> checkedAt,
    Optional<Long> value,
    Optional<Instant> raisedAt) {}
