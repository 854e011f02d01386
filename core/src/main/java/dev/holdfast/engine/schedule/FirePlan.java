package dev.holdfast.engine.schedule;

import dev.holdfast.ScheduleFire.Kind;
import dev.holdfast.spi.Fire;
import dev.holdfast.spi.record.JobDraft;
import dev.holdfast.spi.record.ScheduleRecord;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.timetable.Timetable;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Decides what a schedule does once it has reached a fire time. While its current fire time is not
 * missed, each one fires alone. Once it is missed, all that are due are considered together, and
 * the policy decides about those that are missed.
 */
final class FirePlan {
  private static final int BATCH = 100;

  private final ScheduleRecord schedule;
  private final Timetable timetable;
  private final Instant now;
  private final Function<Instant, JobDraft> jobs;
  private final Instant stand;
  private final List<Fire.Slot> slots = new ArrayList<>();

  /**
   * @param jobs creates the job of a fire time
   */
  FirePlan(
      ScheduleRecord schedule, Timetable timetable, Instant now, Function<Instant, JobDraft> jobs) {
    this.schedule = schedule;
    this.timetable = timetable;
    this.now = now;
    this.jobs = jobs;
    this.stand = schedule.nextSlot().orElseThrow();
  }

  Fire make() {
    Instant last = isMissed(stand) ? afterMiss() : inTime();
    return new Fire(schedule.name(), schedule.version(), stand, timetable.next(stand, last), slots);
  }

  private boolean isMissed(Instant slot) {
    return slot.isBefore(now.minus(schedule.missed().after()));
  }

  /** Fires what is on time. Returns the fire time after which the schedule continues. */
  private Instant inTime() {
    Instant last = stand;
    fire(stand);
    for (Optional<Instant> next = timetable.next(stand, last);
        slots.size() < BATCH && next.filter(slot -> !slot.isAfter(now)).isPresent();
        next = timetable.next(stand, last)) {
      last = next.get();
      fire(last);
    }
    return last;
  }

  private Instant afterMiss() {
    switch (schedule.missed().policy()) {
      case SKIP -> skip();
      case ONCE -> newest(1).forEach(this::fire);
      case CATCH_UP -> catchUp(schedule.missed());
    }
    return now;
  }

  private void skip() {
    List<Instant> newest = newest(2);
    Instant last = newest.get(newest.size() - 1);
    if (isMissed(last)) {
      passOver(last);
    } else {
      passOver(newest.get(0));
      fire(last);
    }
  }

  private void catchUp(MissedFires missed) {
    List<Instant> newest = newest(missed.most() + 1);
    boolean isWhole = newest.size() <= missed.most();
    if (!isWhole) {
      passOver(newest.get(0));
    }
    newest.stream().skip(isWhole ? 0 : 1).forEach(this::fire);
  }

  private void fire(Instant slot) {
    Kind kind = isMissed(slot) ? Kind.LATE : Kind.ON_TIME;
    slots.add(new Fire.Slot(slot, kind, Optional.of(jobs.apply(slot))));
  }

  private void passOver(Instant slot) {
    slots.add(new Fire.Slot(slot, Kind.MISSED, Optional.empty()));
  }

  /**
   * Returns the newest due fire times, at most {@code count}, in order. It searches a span before
   * now that grows until it has enough, so that a long outage costs no more than a short one.
   */
  private List<Instant> newest(int count) {
    Duration span = Duration.ofSeconds(count);
    while (true) {
      Instant from = now.minus(span).isAfter(stand) ? now.minus(span) : stand;
      Deque<Instant> found = new ArrayDeque<>();
      for (Optional<Instant> slot = timetable.next(stand, from.minusNanos(1));
          slot.filter(due -> !due.isAfter(now)).isPresent();
          slot = timetable.next(stand, slot.get())) {
        found.add(slot.get());
        if (found.size() > count) {
          found.remove();
        }
      }
      if (found.size() == count || from.equals(stand)) {
        return List.copyOf(found);
      }
      span = span.multipliedBy(4);
    }
  }
}
