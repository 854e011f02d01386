package dev.holdfast;

import java.time.Instant;
import java.util.Optional;

/**
 * What a schedule did at a slot.
 *
 * @param slot the slot; of a job that was asked for by hand, about when that was
 * @param kind what was done
 * @param job the job that was made; empty if the slot was passed over
 * @param firedAt when that was
 */
public record ScheduleFire(Instant slot, Kind kind, Optional<JobId> job, Instant firedAt) {
  /** What was done at a slot. */
  public enum Kind {
    /** A job was made, in time. */
    ON_TIME,
    /** A job was made, for a slot that had been missed. */
    LATE,
    /** A job was made because somebody asked for it. */
    BY_HAND,
    /** The slot was missed, and passed over with all before it. */
    MISSED,
    /** The slot was passed over, as the job before had not finished. */
    OVERLAPPED
  }
}
