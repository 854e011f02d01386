package dev.holdfast.spi;

import dev.holdfast.JobId;
import dev.holdfast.MissedSlots;
import dev.holdfast.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A schedule as the store keeps it. Its timetable is text to the store, so that one which a node
 * cannot read disturbs no other.
 *
 * @param name its name
 * @param cron an expression; empty for an interval
 * @param every an interval; empty for an expression
 * @param zone the zone of the expression; {@code UTC} for an interval
 * @param job what it enqueues, JSON
 * @param missed what becomes of missed slots
 * @param overlap whether it fires while its job before has not finished
 * @param declaredBy who declared it
 * @param pausedAt since when it has been paused, or empty
 * @param nextSlot the slot that is not fired yet, or empty if there is none
 * @param lastSlot the newest slot that fired, or empty
 * @param lastJob the job that it made then, or empty
 * @param version grows with each change but those of its slots
 * @param createdAt when it was declared
 * @param updatedAt when its version became what it is
 */
public record ScheduleRecord(
    String name,
    Optional<String> cron,
    Optional<Duration> every,
    String zone,
    String job,
    MissedSlots missed,
    Overlap overlap,
    String declaredBy,
    Optional<Instant> pausedAt,
    Optional<Instant> nextSlot,
    Optional<Instant> lastSlot,
    Optional<JobId> lastJob,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /** Whether both were declared in the same words. */
  public boolean saysTheSame(ScheduleRecord other) {
    return hasTimetableOf(other)
        && job.equals(other.job)
        && missed.equals(other.missed)
        && overlap == other.overlap
        && declaredBy.equals(other.declaredBy);
  }

  /** Whether both fire at the same times. */
  public boolean hasTimetableOf(ScheduleRecord other) {
    return cron.equals(other.cron) && every.equals(other.every) && zone.equals(other.zone);
  }
}
