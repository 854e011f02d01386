package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Names;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.timetable.Cron;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import dev.holdfast.timetable.Timetable;
import dev.holdfast.timetable.Zones;
import java.time.Duration;
import java.time.ZoneId;

/**
 * The declaration of a recurring job. Immutable; each method below returns a changed copy.
 *
 * <pre>{@code
 * holdfast.schedule(Schedule.cron("nightly", "0 3 * * *", "Europe/Berlin", NewJob.of("report", "all")));
 * }</pre>
 *
 * <p>Its jobs are created by {@code schedule:NAME} and carry the schedule's name and the fire time
 * in their metadata: {@code {"schedule": "nightly", "slot": "2026-03-01T02:00:00Z"}}.
 *
 * @param name its unique name; 1 to {@link Limits#NAME_CHARS_MAX} characters
 * @param timetable its fire times
 * @param job the job that it enqueues each time; without an id, an idempotency key, a run-at, a
 *     delay and predecessors
 * @param missed the treatment of missed fire times; default {@link MissedFires#once}
 * @param overlap whether it fires while its previous job has not finished; default {@link
 *     Overlap#ALLOW}
 * @param declaredBy the person or program that declared it, for display; default {@code code}
 */
public record Schedule(
    String name,
    Timetable timetable,
    NewJob job,
    MissedFires missed,
    Overlap overlap,
    String declaredBy) {

  /**
   * Checks all values.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public Schedule {
    Names.check("schedule", name);
    Names.check("declarer of a schedule", declaredBy);
    Check.that(
        job.id().isEmpty() && job.key().isEmpty(),
        "the job of schedule '%s' has an id or a key: each fire time creates a new job, leave them"
            + " out",
        name);
    Check.that(
        job.runAt().isEmpty() && job.delay().isEmpty(),
        "the job of schedule '%s' has a run-at or a delay: the schedule sets the time, leave them"
            + " out",
        name);
    Check.that(
        job.waits().isNone(),
        "the job of schedule '%s' waits for others: let the job itself enqueue what must wait",
        name);
  }

  /**
   * Creates a schedule that fires at the local times of a cron expression.
   *
   * @param zone a time zone such as {@code Europe/Berlin} or {@code UTC}
   * @throws InvalidRequestException if the expression or the zone is invalid
   */
  public static Schedule cron(String name, String expression, String zone, NewJob job) {
    return of(name, new Timetable.Calendar(Cron.parse(expression), zone(zone)), job);
  }

  /**
   * Creates a schedule that fires in equal intervals, the first of which begins with the
   * declaration.
   */
  public static Schedule every(String name, Duration interval, NewJob job) {
    return of(name, new Timetable.Every(interval), job);
  }

  /** Creates a schedule with this timetable and defaults for everything else. */
  public static Schedule of(String name, Timetable timetable, NewJob job) {
    return new Schedule(name, timetable, job, MissedFires.once(), Overlap.ALLOW, "code");
  }

  /**
   * Returns the zone of this name.
   *
   * @throws InvalidRequestException if there is none; the message suggests a similar name
   */
  public static ZoneId zone(String name) {
    return Zones.find(name);
  }

  /** Sets the treatment of missed fire times. */
  public Schedule missed(MissedFires newMissed) {
    return new Schedule(name, timetable, job, newMissed, overlap, declaredBy);
  }

  /** Sets whether it fires while its previous job has not finished. */
  public Schedule overlap(Overlap newOverlap) {
    return new Schedule(name, timetable, job, missed, newOverlap, declaredBy);
  }

  /** Sets the person or program that declared it. */
  public Schedule declaredBy(String newDeclaredBy) {
    return new Schedule(name, timetable, job, missed, overlap, newDeclaredBy);
  }
}
