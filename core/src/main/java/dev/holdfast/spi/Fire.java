package dev.holdfast.spi;

import dev.holdfast.ScheduleFire;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a schedule is to do at the slot where it stands, in one transaction.
 *
 * @param schedule its name
 * @param version the version by which this was worked out
 * @param slot the slot where it stands
 * @param next where it stands afterwards; empty if it never fires again
 * @param slots what is done, in the order of the slots
 */
public record Fire(
    String schedule, long version, Instant slot, Optional<Instant> next, List<Slot> slots) {
  /** Copies the slots. */
  public Fire {
    slots = List.copyOf(slots);
  }

  /**
   * One slot.
   *
   * @param at its time
   * @param kind what is done
   * @param job the job to be; empty if the slot is passed over
   */
  public record Slot(Instant at, ScheduleFire.Kind kind, Optional<JobDraft> job) {}
}
