package dev.holdfast.torture.mutants;

import dev.holdfast.JobEvent;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.spi.JobStore;
import java.util.List;

/** Loses the events of retries and snoozes. */
final class LostEvents extends Changes {
  LostEvents(JobStore behind) {
    super(behind);
  }

  public List<JobEvent> events(JobId id) {
    return behind.events(id).stream().filter(event -> event.to() != JobState.SCHEDULED).toList();
  }
}
