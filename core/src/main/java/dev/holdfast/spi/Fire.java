package dev.holdfast.spi;

import dev.holdfast.ScheduleFire;
import dev.holdfast.spi.record.JobDraft;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The actions of a schedule at its current fire time, in one transaction.
 *
 * @param schedule its name
 * @param version the version that this was computed from
 * @param slot its current fire time
 * @param next its next fire time; empty if it never fires again
 * @param slots the actions, in the order of the fire times
 */
public record Fire(
    String schedule, long version, Instant slot, Optional<Instant> next, List<Slot> slots) {
  /** Copies the slots. */
  public Fire {
    slots = List.copyOf(slots);
  }

  /**
   * One fire time.
   *
   * @param at its time
   * @param kind the action
   * @param job the job to enqueue; empty if the fire time is skipped
   */
  public record Slot(Instant at, ScheduleFire.Kind kind, Optional<JobDraft> job) {}
}
