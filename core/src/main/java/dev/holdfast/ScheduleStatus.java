package dev.holdfast;

import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import dev.holdfast.timetable.Timetable;
import java.time.Instant;
import java.util.Optional;

/**
 * A schedule as stored.
 *
 * @param name its name
 * @param timetable its fire times
 * @param job the job that it enqueues, as a JSON object with {@code type}, {@code queue}, {@code
 *     payload} and the other fields of a job
 * @param missed the treatment of missed fire times
 * @param overlap whether it fires while its previous job has not finished
 * @param declaredBy the person or program that declared it
 * @param pausedAt the start of its pause; empty if it is not paused
 * @param nextSlot the next fire time; empty if there is none
 * @param lastSlot the last fire time at which it fired; empty if there is none
 * @param lastJob the job that it created then
 * @param createdAt when it was declared
 * @param updatedAt when it was last declared differently, paused or resumed
 */
public record ScheduleStatus(
    String name,
    Timetable timetable,
    String job,
    MissedFires missed,
    Overlap overlap,
    String declaredBy,
    Optional<Instant> pausedAt,
    Optional<Instant> nextSlot,
    Optional<Instant> lastSlot,
    Optional<JobId> lastJob,
    Instant createdAt,
    Instant updatedAt) {}
