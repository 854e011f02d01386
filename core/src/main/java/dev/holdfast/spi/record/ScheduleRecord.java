package dev.holdfast.spi.record;

import dev.holdfast.JobId;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A schedule as stored. To the store its timetable is text, so that one that a node cannot parse
 * affects no others.
 *
 * @param name its name
 * @param cron the cron expression; empty for an interval
 * @param every the interval; empty for a cron expression
 * @param zone the zone of the expression; {@code UTC} for an interval
 * @param job the job that it enqueues, JSON
 * @param missed the treatment of missed fire times
 * @param overlap whether it fires while its previous job has not finished
 * @param declaredBy the person or program that declared it
 * @param pausedAt the start of its pause, or empty
 * @param nextSlot the next fire time; empty if there is none
 * @param lastSlot the last fire time at which it fired, or empty
 * @param lastJob the job that it created then, or empty
 * @param version grows with each change except fires
 * @param createdAt when it was declared
 * @param updatedAt when its version last changed
 */
public record ScheduleRecord(
    String name,
    Optional<String> cron,
    Optional<Duration> every,
    String zone,
    String job,
    MissedFires missed,
    Overlap overlap,
    String declaredBy,
    Optional<Instant> pausedAt,
    Optional<Instant> nextSlot,
    Optional<Instant> lastSlot,
    Optional<JobId> lastJob,
    long version,
    Instant createdAt,
    Instant updatedAt) {

  /** Returns whether both were declared the same. */
  public boolean saysTheSame(ScheduleRecord other) {
    return hasTimetableOf(other)
        && job.equals(other.job)
        && missed.equals(other.missed)
        && overlap == other.overlap
        && declaredBy.equals(other.declaredBy);
  }

  /** Returns whether both have the same timetable. */
  public boolean hasTimetableOf(ScheduleRecord other) {
    return cron.equals(other.cron) && every.equals(other.every) && zone.equals(other.zone);
  }
}
