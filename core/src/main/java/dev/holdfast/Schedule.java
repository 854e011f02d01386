package dev.holdfast;

import java.time.Duration;
import java.time.ZoneId;

/**
 * A recurring job, as it is declared. Immutable; each method below answers a changed copy.
 *
 * <pre>{@code
 * holdfast.schedule(Schedule.cron("nightly", "0 3 * * *", "Europe/Berlin", NewJob.of("report", "all")));
 * }</pre>
 *
 * <p>Each job of it is made by {@code schedule:NAME} and has the schedule's name and its slot in
 * its metadata: {@code {"schedule": "nightly", "slot": "2026-03-01T02:00:00Z"}}.
 *
 * @param name names it in its queue; 1 to {@link Limits#NAME_CHARS_MAX} characters
 * @param timetable when it fires
 * @param job what it enqueues each time; without an id, an idempotency key, a run-at, a delay and
 *     jobs to wait for
 * @param missed what becomes of slots at which nobody could fire; default {@link MissedSlots#once}
 * @param overlap whether it fires while its job before has not finished; default {@link
 *     Overlap#ALLOW}
 * @param declaredBy who declared it, for people; default {@code code}
 */
public record Schedule(
    String name,
    Timetable timetable,
    NewJob job,
    MissedSlots missed,
    Overlap overlap,
    String declaredBy) {

  /**
   * Checks all values.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public Schedule {
    Names.check("schedule", name);
    Names.check("who declares a schedule", declaredBy);
    Check.that(
        job.id().isEmpty() && job.key().isEmpty(),
        "the job of schedule '%s' has an id or a key: each slot makes a new job, leave them away",
        name);
    Check.that(
        job.runAt().isEmpty() && job.delay().isEmpty(),
        "the job of schedule '%s' has a run-at or a delay: the schedule says when, leave them away",
        name);
    Check.that(
        job.waits().isNone(),
        "the job of schedule '%s' waits for others: let the job itself enqueue what must wait",
        name);
  }

  /**
   * At the local times of a cron expression.
   *
   * @param zone such as {@code Europe/Berlin} or {@code UTC}
   * @throws InvalidRequestException if the expression or the zone is none
   */
  public static Schedule cron(String name, String expression, String zone, NewJob job) {
    return of(name, new Timetable.Calendar(Cron.parse(expression), zone(zone)), job);
  }

  /** In equal intervals, the first of which begins with the declaration. */
  public static Schedule every(String name, Duration interval, NewJob job) {
    return of(name, new Timetable.Every(interval), job);
  }

  /** By a timetable, with the defaults for all else. */
  public static Schedule of(String name, Timetable timetable, NewJob job) {
    return new Schedule(name, timetable, job, MissedSlots.once(), Overlap.ALLOW, "code");
  }

  /**
   * The zone of this name.
   *
   * @throws InvalidRequestException if there is none; the message names one that is written alike
   */
  public static ZoneId zone(String name) {
    return Zones.find(name);
  }

  /** With this answer to slots at which nobody could fire. */
  public Schedule missed(MissedSlots newMissed) {
    return new Schedule(name, timetable, job, newMissed, overlap, declaredBy);
  }

  /** With this answer to a job before that has not finished. */
  public Schedule overlap(Overlap newOverlap) {
    return new Schedule(name, timetable, job, missed, newOverlap, declaredBy);
  }

  /** Declared by this person or program. */
  public Schedule declaredBy(String newDeclaredBy) {
    return new Schedule(name, timetable, job, missed, overlap, newDeclaredBy);
  }
}
