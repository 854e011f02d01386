package dev.holdfast.spi;

import dev.holdfast.spi.record.ScheduleRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Schedules that have reached a fire time.
 *
 * @param now the store's time
 * @param due those whose next fire time is not after {@code now}, the longest due first
 * @param nextDue time until the next fire time of all others; empty if there is none
 */
public record DueSchedules(Instant now, List<ScheduleRecord> due, Optional<Duration> nextDue) {
  /** Copies the list. */
  public DueSchedules {
    due = List.copyOf(due);
  }
}
