package dev.holdfast;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** When a schedule fires: its slots. */
public sealed interface Timetable {

  /** The first slot of a schedule that is declared at {@code now}; empty if there is none. */
  Optional<Instant> first(Instant now);

  /** The first slot after {@code after}, given that {@code slot} is one; empty if there is none. */
  Optional<Instant> next(Instant slot, Instant after);

  /** For people: the expression and its zone, or the interval. */
  @Override
  String toString();

  /**
   * By the calendar.
   *
   * @param cron at which local times
   * @param zone by whose clock
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
   * In equal intervals from the first slot on, whatever the clocks of people do. The first slot is
   * an interval after the declaration.
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
