package dev.holdfast.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * What came of moving due jobs from SCHEDULED to PENDING.
 *
 * @param promoted how many were moved
 * @param nextDue how long until the next one is due; empty when none is scheduled
 */
public record Promotion(int promoted, Optional<Duration> nextDue) {}
