package dev.holdfast;

import java.time.Instant;
import java.util.Optional;

/**
 * A schedule as it stands in the store.
 *
 * @param name its name
 * @param timetable when it fires
 * @param job what it enqueues, as a JSON object with {@code type}, {@code queue}, {@code payload}
 *     and the other fields of a job
 * @param missed what becomes of slots at which nobody could fire
 * @param overlap whether it fires while its job before has not finished
 * @param declaredBy who declared it
 * @param pausedAt since when it has been paused; empty if it is not
 * @param nextSlot when it fires next; empty if never again
 * @param lastSlot the newest slot at which it fired; empty if it has not
 * @param lastJob the job that it made then
 * @param createdAt when it was declared
 * @param updatedAt when its declaration was changed, or it was paused or resumed
 */
public record ScheduleStatus(
    String name,
    Timetable timetable,
    String job,
    MissedSlots missed,
    Overlap overlap,
    String declaredBy,
    Optional<Instant> pausedAt,
    Optional<Instant> nextSlot,
    Optional<Instant> lastSlot,
    Optional<JobId> lastJob,
    Instant createdAt,
    Instant updatedAt) {}
