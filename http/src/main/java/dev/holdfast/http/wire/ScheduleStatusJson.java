package dev.holdfast.http.wire;

import dev.holdfast.JobId;
import dev.holdfast.Schedule;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.http.Redaction;
import dev.holdfast.timetable.Cron;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Overlap;
import dev.holdfast.timetable.Timetable;
import java.time.Instant;
import java.util.Optional;

/**
 * Wire form of a {@link ScheduleStatus}: a schedule in its current state.
 *
 * @param cron null for an interval
 * @param everySeconds null for a calendar
 * @param zone null for an interval
 * @param job the job that it enqueues, as it was declared
 */
public record ScheduleStatusJson(
    String name,
    Optional<String> cron,
    Optional<Double> everySeconds,
    Optional<String> zone,
    RawJson job,
    MissedFires.Policy missed,
    double missedAfterSeconds,
    int catchUp,
    Overlap overlap,
    String declaredBy,
    Optional<Instant> pausedAt,
    Optional<Instant> nextSlot,
    Optional<Instant> lastSlot,
    Optional<JobId> lastJob,
    Instant createdAt,
    Instant updatedAt) {

  /** Returns a schedule with everything. */
  public static ScheduleStatusJson of(ScheduleStatus schedule) {
    return of(schedule, Redaction.none());
  }

  /** Returns a schedule without what is secret in its job. */
  public static ScheduleStatusJson of(ScheduleStatus schedule, Redaction redaction) {
    Optional<Timetable.Calendar> calendar = Optional.empty();
    Optional<Timetable.Every> every = Optional.empty();
    if (schedule.timetable() instanceof Timetable.Calendar one) {
      calendar = Optional.of(one);
    } else if (schedule.timetable() instanceof Timetable.Every one) {
      every = Optional.of(one);
    }
    return new ScheduleStatusJson(
        schedule.name(),
        calendar.map(one -> one.cron().toString()),
        every.map(one -> Seconds.of(one.interval())),
        calendar.map(one -> one.zone().getId()),
        new RawJson(redaction.of("", schedule.job())),
        schedule.missed().policy(),
        Seconds.of(schedule.missed().after()),
        schedule.missed().most(),
        schedule.overlap(),
        schedule.declaredBy(),
        schedule.pausedAt(),
        schedule.nextSlot(),
        schedule.lastSlot(),
        schedule.lastJob(),
        schedule.createdAt(),
        schedule.updatedAt());
  }

  /**
   * Returns the schedule.
   *
   * @throws InvalidRequestException if it has no timetable, or one that is malformed
   */
  public ScheduleStatus schedule() {
    return new ScheduleStatus(
        name,
        timetable(),
        job.text(),
        new MissedFires(missed, Seconds.read(missedAfterSeconds), catchUp),
        overlap,
        declaredBy,
        pausedAt,
        nextSlot,
        lastSlot,
        lastJob,
        createdAt,
        updatedAt);
  }

  private Timetable timetable() {
    if (cron.isPresent()) {
      return new Timetable.Calendar(Cron.parse(cron.get()), Schedule.zone(zone.orElse("UTC")));
    }
    return new Timetable.Every(
        everySeconds
            .map(Seconds::read)
            .orElseThrow(() -> new InvalidRequestException("a schedule has no timetable")));
  }
}
