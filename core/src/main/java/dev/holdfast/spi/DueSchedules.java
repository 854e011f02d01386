package dev.holdfast.spi;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Schedules that have come to a slot.
 *
 * @param now the store's time
 * @param due those whose next slot is not after it, the longest due first
 * @param nextDue how long until the next slot of all others; empty if there is none
 */
public record DueSchedules(Instant now, List<ScheduleRecord> due, Optional<Duration> nextDue) {
  /** Copies the list. */
  public DueSchedules {
    due = List.copyOf(due);
  }
}
