package dev.holdfast.timetable;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** The fire times of a schedule. */
public sealed interface Timetable {

  /**
   * Returns the first fire time of a schedule that is declared at {@code now}; empty if there is
   * none.
   */
  Optional<Instant> first(Instant now);

  /**
   * Returns the first fire time after {@code after}, given that {@code slot} is one; empty if there
   * is none.
   */
  Optional<Instant> next(Instant slot, Instant after);

  /** Returns the expression and its zone, or the interval, for display. */
  @Override
  String toString();

  /**
   * Fire times by the calendar.
   *
   * @param cron the local times
   * @param zone the time zone
   */
  record Calendar(Cron cron, ZoneId zone) implements Timetable {
    @Override
    public Optional<Instant> first(Instant now) {
      return cron.next(now, zone);
    }

    @Override
    public Optional<Instant> next(Instant slot, Instant after) {
      return cron.next(after, zone);
    }

    @Override
    public String toString() {
      return cron + " " + zone;
    }
  }

  /**
   * Fire times in equal intervals, unaffected by daylight saving. The first one is an interval
   * after the declaration.
   *
   * @param interval 1 s to 100 years, in whole milliseconds
   */
  record Every(Duration interval) implements Timetable {
    /** The shortest interval. */
    public static final Duration INTERVAL_MIN = Duration.ofSeconds(1);

    /** The longest interval. */
    public static final Duration INTERVAL_MAX = Duration.ofDays(Limits.DELAY_DAYS_MAX);

    /**
     * Checks the interval.
     *
     * @throws InvalidRequestException naming the value and what was expected
     */
    public Every {
      Check.range("interval of a schedule", interval, INTERVAL_MIN, INTERVAL_MAX);
      Check.that(
          interval.equals(Duration.ofMillis(interval.toMillis())),
          "interval of a schedule must be whole milliseconds, was %s",
          interval);
    }

    @Override
    public Optional<Instant> first(Instant now) {
      return Optional.of(now.truncatedTo(ChronoUnit.MILLIS).plus(interval));
    }

    @Override
    public Optional<Instant> next(Instant slot, Instant after) {
      long passed = Math.floorDiv(after.toEpochMilli() - slot.toEpochMilli(), interval.toMillis());
      return Optional.of(slot.plusMillis(Math.multiplyExact(passed + 1, interval.toMillis())));
    }

    @Override
    public String toString() {
      return "every " + interval;
    }
  }
}
