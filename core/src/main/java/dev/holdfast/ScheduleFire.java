package dev.holdfast;

import java.time.Instant;
import java.util.Optional;

/**
 * The result of one fire time of a schedule.
 *
 * @param slot the fire time; for a job triggered by hand, the approximate time of that
 * @param kind the action
 * @param job the job that was created; empty if the fire time was skipped
 * @param firedAt when the action took place
 */
public record ScheduleFire(Instant slot, Kind kind, Optional<JobId> job, Instant firedAt) {
  /** The action at a fire time. */
  public enum Kind {
    /** A job was created in time. */
    ON_TIME,
    /** A job was created for a missed fire time. */
    LATE,
    /** A job was created on request. */
    BY_HAND,
    /** The fire time was missed, and skipped with all before it. */
    MISSED,
    /** The fire time was skipped, as the previous job had not finished. */
    OVERLAPPED
  }
}
