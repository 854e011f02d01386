package dev.holdfast.engine.schedule;

import dev.holdfast.JobId;
import dev.holdfast.NewJob;
import dev.holdfast.Schedule;
import dev.holdfast.ScheduleFire;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.Schedules;
import dev.holdfast.check.DidYouMean;
import dev.holdfast.error.NotFoundException;
import dev.holdfast.spi.ScheduleStore;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.record.ScheduleRecord;
import dev.holdfast.timetable.Cron;
import dev.holdfast.timetable.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The schedules of a store: turns declarations into records and computes their first fire times.
 */
public final class StoredSchedules implements Schedules {
  private final ScheduleStore store;
  private final Function<NewJob, JobDraft> drafts;
  private final JobTemplates templates;

  /**
   * @param drafts resolves and checks a job
   * @param ids makes the ids of the jobs of schedules that are triggered
   */
  public StoredSchedules(
      ScheduleStore store, Function<NewJob, JobDraft> drafts, Supplier<JobId> ids) {
    this.store = store;
    this.drafts = drafts;
    this.templates = new JobTemplates(ids);
  }

  @Override
  public Declared put(Schedule schedule) {
    String job = JobTemplates.encode(drafts.apply(schedule.job()));
    Optional<Cron> cron = Optional.empty();
    Optional<Duration> every = Optional.empty();
    String zone = "UTC";
    if (schedule.timetable() instanceof Timetable.Calendar calendar) {
      cron = Optional.of(calendar.cron());
      zone = calendar.zone().getId();
    } else if (schedule.timetable() instanceof Timetable.Every interval) {
      every = Optional.of(interval.interval());
    }
    Instant now = store.now();
    return store.put(
        new ScheduleRecord(
            schedule.name(),
            cron.map(Cron::toString),
            every,
            zone,
            job,
            schedule.missed(),
            schedule.overlap(),
            schedule.declaredBy(),
            Optional.empty(),
            schedule.timetable().first(now),
            Optional.empty(),
            Optional.empty(),
            1,
            now,
            now));
  }

  /** Returns the timetable of a stored schedule. */
  static Timetable timetable(ScheduleRecord schedule) {
    return schedule
        .every()
        .<Timetable>map(Timetable.Every::new)
        .orElseGet(
            () ->
                new Timetable.Calendar(
                    Cron.parse(schedule.cron().orElseThrow()), Schedule.zone(schedule.zone())));
  }

  @Override
  public List<ScheduleStatus> list() {
    return store.list().stream().map(StoredSchedules::status).toList();
  }

  @Override
  public Optional<ScheduleStatus> find(String name) {
    return store.find(name).map(StoredSchedules::status);
  }

  private static ScheduleStatus status(ScheduleRecord schedule) {
    return new ScheduleStatus(
        schedule.name(),
        timetable(schedule),
        schedule.job(),
        schedule.missed(),
        schedule.overlap(),
        schedule.declaredBy(),
        schedule.pausedAt(),
        schedule.nextSlot(),
        schedule.lastSlot(),
        schedule.lastJob(),
        schedule.createdAt(),
        schedule.updatedAt());
  }

  @Override
  public List<ScheduleFire> fires(String name, int limit) {
    return store.fires(name, limit);
  }

  @Override
  public boolean pause(String name) {
    existing(name);
    return store.pause(name);
  }

  /** Retries if another caller changes the schedule meanwhile. */
  @Override
  public boolean resume(String name) {
    while (true) {
      ScheduleRecord schedule = existing(name);
      if (schedule.pausedAt().isEmpty()) {
        return false;
      }
      if (store.resume(name, schedule.version(), slotAfterPause(schedule))) {
        return true;
      }
    }
  }

  private Optional<Instant> slotAfterPause(ScheduleRecord schedule) {
    Instant now = store.now();
    return schedule
        .nextSlot()
        .filter(slot -> !slot.isAfter(now))
        .map(slot -> timetable(schedule).next(slot, now))
        .orElse(schedule.nextSlot());
  }

  /** Uses an odd microsecond, which no timetable has: fire times are whole milliseconds. */
  @Override
  public JobId trigger(String name) {
    ScheduleRecord schedule = existing(name);
    Instant now = store.now();
    long micros = (now.getNano() / 1_000) | 1;
    Instant slot = Instant.ofEpochSecond(now.getEpochSecond(), micros * 1_000);
    JobDraft job = templates.draft(schedule.job(), name, slot);
    if (!store.trigger(name, slot, job)) {
      throw unknown(name);
    }
    return job.id();
  }

  @Override
  public boolean remove(String name) {
    return store.remove(name);
  }

  private ScheduleRecord existing(String name) {
    return store.find(name).orElseThrow(() -> unknown(name));
  }

  private NotFoundException unknown(String name) {
    List<String> names = store.list().stream().map(ScheduleRecord::name).toList();
    return new NotFoundException(
        "there is no schedule '%s'%s".formatted(name, DidYouMean.oneOf(names, name)));
  }
}
