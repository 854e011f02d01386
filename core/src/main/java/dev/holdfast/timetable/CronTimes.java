package dev.holdfast.timetable;

import java.time.LocalTime;
import java.util.Optional;

/**
 * The times of day of a cron expression, each field as a set of bits.
 *
 * @param seconds bit n for second n
 * @param minutes bit n for minute n
 * @param hours bit n for hour n
 */
record CronTimes(long seconds, long minutes, long hours) {
  private static final long EVERY_HOUR = (1L << 24) - 1;
  private static final int NONE = Long.SIZE;

  boolean isEveryHour() {
    return hours == EVERY_HOUR;
  }

  LocalTime first() {
    return inHour(next(hours, 0));
  }

  /** Returns the first matching time from {@code from} on, in whole seconds. */
  Optional<LocalTime> atOrAfter(LocalTime from) {
    int hour = next(hours, from.getHour());
    if (hour == from.getHour()) {
      Optional<LocalTime> within = withinHour(from);
      if (within.isPresent()) {
        return within;
      }
      hour = next(hours, hour + 1);
    }
    return hour == NONE ? Optional.empty() : Optional.of(inHour(hour));
  }

  private Optional<LocalTime> withinHour(LocalTime from) {
    int minute = next(minutes, from.getMinute());
    if (minute == from.getMinute()) {
      int second = next(seconds, from.getSecond());
      if (second != NONE) {
        return Optional.of(LocalTime.of(from.getHour(), minute, second));
      }
      minute = next(minutes, minute + 1);
    }
    return minute == NONE
        ? Optional.empty()
        : Optional.of(LocalTime.of(from.getHour(), minute, next(seconds, 0)));
  }

  private LocalTime inHour(int hour) {
    return LocalTime.of(hour, next(minutes, 0), next(seconds, 0));
  }

  private static int next(long bits, int from) {
    return Long.numberOfTrailingZeros(bits & -1L << from);
  }
}
