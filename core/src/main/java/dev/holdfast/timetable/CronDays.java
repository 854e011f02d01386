package dev.holdfast.timetable;

import java.time.DayOfWeek;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.Optional;

/**
 * The days of a cron expression. They depend on the month, so they are computed for each month in
 * turn.
 */
final class CronDays {
  private static final int WEEK = 7;
  private static final int SATURDAY = 6;
  private static final int YEAR_MAX = 9_999;

  private int months; // bit n for month n
  private int dates; // bit n for day n of the month
  private int datesFromLast; // bit n for the day that is n days before the last
  private int nearestWeekdays; // bit n for the working day nearest to day n
  private boolean lastWorkingDay;
  private int weekdays; // bit n for weekday n, 0 for Sunday
  private int lastWeekdays; // bit n for the last weekday n of the month
  private long nthWeekdays; // bit 8 n + i for the i-th weekday n of the month
  private boolean hasDates;
  private boolean hasWeekdays;

  void month(int month) {
    months |= 1 << month;
  }

  void date(int day) {
    dates |= 1 << day;
  }

  void dateFromLast(int days) {
    datesFromLast |= 1 << days;
  }

  void nearestWorkingDay(int day) {
    nearestWeekdays |= 1 << day;
  }

  void lastWorkingDay() {
    lastWorkingDay = true;
  }

  void weekday(int weekday) {
    weekdays |= 1 << weekday % WEEK;
  }

  void lastWeekday(int weekday) {
    lastWeekdays |= 1 << weekday % WEEK;
  }

  void nthWeekday(int weekday, int nth) {
    nthWeekdays |= 1L << (8 * (weekday % WEEK) + nth);
  }

  /** Restricts the days to the dates given; else all dates match. */
  void restrictDates() {
    hasDates = true;
  }

  /** Restricts the days to the weekdays given; else all weekdays match. */
  void restrictWeekdays() {
    hasWeekdays = true;
  }

  /** Returns the first matching day from {@code from} on, before the year {@code until}. */
  Optional<LocalDate> atOrAfter(LocalDate from, int until) {
    YearMonth month = YearMonth.from(from);
    int earlier = (1 << from.getDayOfMonth()) - 1;
    while (month.getYear() < until) {
      int days = (months & 1 << month.getMonthValue()) == 0 ? 0 : in(month) & ~earlier;
      if (days != 0) {
        return Optional.of(month.atDay(Integer.numberOfTrailingZeros(days)));
      }
      earlier = 0;
      month = month.plusMonths(1);
    }
    return Optional.empty();
  }

  /** Returns the first matching day from {@code from} on; empty from the year 10000 on. */
  Optional<LocalDate> atOrAfter(LocalDate from) {
    return atOrAfter(from, YEAR_MAX + 1);
  }

  /**
   * Returns the matching days of a month. With both fields restricted a day needs to match one of
   * them, as in Vixie's cron.
   */
  private int in(YearMonth month) {
    boolean isEither = hasDates && hasWeekdays;
    return isEither ? datesIn(month) | weekdaysIn(month) : datesIn(month) & weekdaysIn(month);
  }

  private int datesIn(YearMonth month) {
    int length = month.lengthOfMonth();
    int days = dates;
    for (int before = 0; before < length; before++) {
      if ((datesFromLast & 1 << before) != 0) {
        days |= 1 << (length - before);
      }
    }
    for (int day = 1; day <= length; day++) {
      if ((nearestWeekdays & 1 << day) != 0) {
        days |= 1 << nearestWorkingDay(month, day);
      }
    }
    if (lastWorkingDay) {
      days |= 1 << nearestWorkingDay(month, length);
    }
    return days & ~(-2 << length);
  }

  /** Returns the nearest working day in the same month, which can be two days away. */
  private static int nearestWorkingDay(YearMonth month, int day) {
    DayOfWeek weekday = month.atDay(day).getDayOfWeek();
    if (weekday == DayOfWeek.SATURDAY) {
      return day == 1 ? day + 2 : day - 1;
    }
    if (weekday == DayOfWeek.SUNDAY) {
      return day == month.lengthOfMonth() ? day - 2 : day + 1;
    }
    return day;
  }

  private int weekdaysIn(YearMonth month) {
    int length = month.lengthOfMonth();
    int weekday = month.atDay(1).getDayOfWeek().getValue() % WEEK;
    int days = 0;
    for (int day = 1; day <= length; day++) {
      int nth = (day - 1) / WEEK + 1;
      boolean matches =
          (weekdays & 1 << weekday) != 0
              || (nthWeekdays & 1L << (8 * weekday + nth)) != 0
              || (day + WEEK > length && (lastWeekdays & 1 << weekday) != 0);
      days |= matches ? 1 << day : 0;
      weekday = weekday == SATURDAY ? 0 : weekday + 1;
    }
    return days;
  }
}
