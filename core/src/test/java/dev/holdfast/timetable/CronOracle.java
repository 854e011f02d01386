package dev.holdfast.timetable;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.TemporalAdjusters;
import java.time.zone.ZoneRules;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * An independent implementation of cron: it walks along real time, step by step, and along skipped
 * local times, and tests each against the expression. Slow, but simple enough to be trusted.
 */
final class CronOracle {
  private static final Map<String, Integer> NAMES =
      Map.ofEntries(
          Map.entry("SUN", 0),
          Map.entry("MON", 1),
          Map.entry("TUE", 2),
          Map.entry("WED", 3),
          Map.entry("THU", 4),
          Map.entry("FRI", 5),
          Map.entry("SAT", 6),
          Map.entry("JAN", 1),
          Map.entry("FEB", 2),
          Map.entry("MAR", 3),
          Map.entry("APR", 4),
          Map.entry("OCT", 10),
          Map.entry("NOV", 11),
          Map.entry("DEC", 12));

  private final String[] fields;
  private final ZoneRules rules;
  private final int stepSeconds;

  /**
   * @param expression of five fields, or of six; the latter are tested second by second
   */
  CronOracle(String expression, ZoneId zone) {
    String[] given = expression.split(" ", -1);
    this.stepSeconds = given.length == 6 ? 1 : 60;
    this.fields = given.length == 6 ? given : ("0 " + expression).split(" ", -1);
    this.rules = zone.getRules();
  }

  /**
   * Returns all matching times from {@code from}, which is a whole minute, to before {@code to}.
   */
  List<Instant> between(Instant from, Instant to) {
    List<Instant> times = new ArrayList<>();
    boolean isEveryHour = true;
    for (int hour = 0; hour < 24; hour++) {
      isEveryHour &= isIn(fields[2], hour, 0, 23);
    }
    boolean happensAgain = fields[1].startsWith("*") || fields[2].startsWith("*");
    for (Instant at = from; at.isBefore(to); at = at.plusSeconds(stepSeconds)) {
      LocalDateTime shown = LocalDateTime.ofInstant(at, rules.getOffset(at));
      boolean happens = isTrueOf(shown) && (happensAgain || isFirstTime(shown, at));
      if (happens || (!isEveryHour && isTrueOfAnyLeftOut(at, shown))) {
        times.add(at);
      }
    }
    return times;
  }

  private boolean isFirstTime(LocalDateTime shown, Instant at) {
    List<ZoneOffset> offsets = rules.getValidOffsets(shown);
    return shown.toInstant(offsets.get(0)).equals(at);
  }

  /**
   * Returns whether a local time that was skipped between the previous step and this one matches.
   */
  private boolean isTrueOfAnyLeftOut(Instant at, LocalDateTime shown) {
    Instant before = at.minusSeconds(1);
    LocalDateTime last = LocalDateTime.ofInstant(before, rules.getOffset(before)).plusSeconds(1);
    for (LocalDateTime left = last; left.isBefore(shown); left = left.plusSeconds(stepSeconds)) {
      if (isTrueOf(left)) {
        return true;
      }
    }
    return false;
  }

  private boolean isTrueOf(LocalDateTime time) {
    return isIn(fields[0], time.getSecond(), 0, 59)
        && isIn(fields[1], time.getMinute(), 0, 59)
        && isIn(fields[2], time.getHour(), 0, 23)
        && isIn(fields[4], time.getMonthValue(), 1, 12)
        && isDay(time.toLocalDate());
  }

  private boolean isDay(LocalDate day) {
    boolean date = isDate(day);
    boolean weekday = isWeekday(day);
    boolean anyDate = fields[3].startsWith("*") || fields[3].equals("?");
    boolean anyWeekday = fields[5].startsWith("*") || fields[5].equals("?");
    return (anyDate || anyWeekday) ? date && weekday : date || weekday;
  }

  private boolean isDate(LocalDate day) {
    LocalDate last = day.with(TemporalAdjusters.lastDayOfMonth());
    for (String item : fields[3].split(",", -1)) {
      if (item.equals("L") && day.equals(last)) {
        return true;
      }
      if (item.startsWith("L-") && day.equals(last.minusDays(Long.parseLong(item.substring(2))))) {
        return true;
      }
      if (item.equals("LW") && day.equals(nearestWorkingDay(last))) {
        return true;
      }
      if (item.matches("[0-9]+W")) {
        int wanted = Integer.parseInt(item.replace("W", ""));
        if (wanted <= last.getDayOfMonth()
            && day.equals(nearestWorkingDay(day.withDayOfMonth(wanted)))) {
          return true;
        }
      }
      if (!item.contains("L") && !item.contains("W") && isIn(item, day.getDayOfMonth(), 1, 31)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isWorkingDay(LocalDate day) {
    return day.getDayOfWeek() != DayOfWeek.SATURDAY && day.getDayOfWeek() != DayOfWeek.SUNDAY;
  }

  private static LocalDate nearestWorkingDay(LocalDate day) {
    for (int distance = 0; ; distance++) {
      boolean isSaturday = day.getDayOfWeek() == DayOfWeek.SATURDAY;
      int nearer = isSaturday ? -distance : distance;
      for (LocalDate near : List.of(day.plusDays(nearer), day.minusDays(nearer))) {
        if (isWorkingDay(near) && near.getMonth() == day.getMonth()) {
          return near;
        }
      }
    }
  }

  private boolean isWeekday(LocalDate day) {
    int number = day.getDayOfWeek().getValue() % 7;
    for (String item : fields[5].split(",", -1)) {
      if (item.contains("#")) {
        String[] parts = item.split("#", -1);
        boolean isNth = (day.getDayOfMonth() + 6) / 7 == Integer.parseInt(parts[1]);
        if (isNth && number(parts[0]) % 7 == number) {
          return true;
        }
      } else if (item.endsWith("L")) {
        boolean isLast = day.plusWeeks(1).getMonth() != day.getMonth();
        if (isLast && number(item.substring(0, item.length() - 1)) % 7 == number) {
          return true;
        }
      } else if (isIn(item, number, 0, 7) || (number == 0 && isIn(item, 7, 0, 7))) {
        return true;
      }
    }
    return false;
  }

  private static int number(String word) {
    return NAMES.containsKey(word) ? NAMES.get(word) : Integer.parseInt(word);
  }

  private static boolean isIn(String field, int value, int least, int most) {
    for (String item : field.split(",", -1)) {
      String[] parts = item.split("/", -1);
      int step = parts.length > 1 ? Integer.parseInt(parts[1]) : 1;
      int from = least;
      int to = most;
      if (!parts[0].equals("*") && !parts[0].equals("?")) {
        String[] ends = parts[0].split("-", -1);
        from = number(ends[0]);
        to = ends.length > 1 ? number(ends[1]) : parts.length > 1 ? most : from;
      }
      if (value >= from && value <= to && (value - from) % step == 0) {
        return true;
      }
    }
    return false;
  }
}
