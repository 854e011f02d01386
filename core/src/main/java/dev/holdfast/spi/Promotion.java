package dev.holdfast.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * The result of moving due jobs from SCHEDULED to PENDING.
 *
 * @param promoted number of jobs moved
 * @param nextDue time until the next promotion; empty when nothing is scheduled
 */
public record Promotion(int promoted, Optional<Duration> nextDue) {

  /**
   * Returns the same result, with the next promotion after this time at the latest; empty if there
   * is none.
   */
  public Promotion atLatest(Optional<Duration> other) {
    boolean isSooner =
        other.isPresent() && (nextDue.isEmpty() || other.get().compareTo(nextDue.get()) < 0);
    return isSooner ? new Promotion(promoted, other) : this;
  }
}
