package dev.holdfast.timetable;

import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses cron expressions; an error names what is wrong, and where. */
final class CronParser {
  private static final Map<String, String> MACROS =
      Map.of(
          "@YEARLY", "0 0 1 1 *",
          "@ANNUALLY", "0 0 1 1 *",
          "@MONTHLY", "0 0 1 * *",
          "@WEEKLY", "0 0 * * 0",
          "@DAILY", "0 0 * * *",
          "@MIDNIGHT", "0 0 * * *",
          "@HOURLY", "0 * * * *");

  private static final Pattern WORD = Pattern.compile("\\S+");
  private static final Pattern LAST_BUT = Pattern.compile("L-([0-9]{1,2})");
  private static final Pattern NEAREST = Pattern.compile("([0-9]{1,2})W");
  private static final Pattern NTH = Pattern.compile("([A-Z0-9]+)#([0-9]+)");
  private static final Pattern LAST_WEEKDAY = Pattern.compile("([A-Z0-9]+)L");
  private static final List<CronField> FIELDS = List.of(CronField.values());

  /** One full cycle of the calendar: weekdays repeat after 400 years. */
  private static final LocalDate CYCLE = LocalDate.of(2000, 1, 1);

  private static final int CYCLE_END = 2400;

  private final String given;
  private final CronDays days = new CronDays();
  private final Map<CronField, Long> times = new EnumMap<>(CronField.class);

  CronParser(String given) {
    this.given = given;
  }

  private record Word(String text, int position) {
    String upper() {
      return text.toUpperCase(Locale.ROOT);
    }
  }

  Cron parse() {
    if (given.length() > Limits.CRON_CHARS_MAX) {
      throw new InvalidRequestException(
          "a cron expression has at most %d characters, had %d"
              .formatted(Limits.CRON_CHARS_MAX, given.length()));
    }
    List<Word> words = words(expanded());
    if (words.size() != FIELDS.size() - 1 && words.size() != FIELDS.size()) {
      throw new InvalidRequestException(
          "cron '%s' has %d fields, expected 5 (minute hour day month weekday), or 6 with seconds before them"
              .formatted(given, words.size()));
    }
    boolean hasSeconds = words.size() == FIELDS.size();
    for (int i = 0; i < words.size(); i++) {
      field(FIELDS.get(hasSeconds ? i : i + 1), words.get(i));
    }
    times.putIfAbsent(CronField.SECOND, 1L);
    checkDaysExist();
    String minute = words.get(hasSeconds ? 1 : 0).text;
    String hour = words.get(hasSeconds ? 2 : 1).text;
    return new Cron(
        String.join(" ", words(given).stream().map(Word::text).toList()),
        new CronTimes(
            times.getOrDefault(CronField.SECOND, 0L),
            times.getOrDefault(CronField.MINUTE, 0L),
            times.getOrDefault(CronField.HOUR, 0L)),
        days,
        minute.startsWith("*") || hour.startsWith("*"));
  }

  private String expanded() {
    String name = given.strip().toUpperCase(Locale.ROOT);
    if (!name.startsWith("@")) {
      return given;
    }
    String meaning = MACROS.get(name);
    if (meaning == null) {
      throw new InvalidRequestException(
          "cron '%s' is unknown: expected @hourly, @daily, @midnight, @weekly, @monthly, @yearly or @annually; for an interval, declare one"
              .formatted(given));
    }
    return meaning;
  }

  private static List<Word> words(String text) {
    List<Word> words = new ArrayList<>();
    Matcher matcher = WORD.matcher(text);
    while (matcher.find()) {
      words.add(new Word(matcher.group(), matcher.start() + 1));
    }
    return words;
  }

  private void checkDaysExist() {
    if (days.atOrAfter(CYCLE, CYCLE_END).isEmpty()) {
      throw new InvalidRequestException(
          "cron '%s' never fires: none of its months has such a day".formatted(given));
    }
  }

  private void field(CronField field, Word word) {
    boolean isRestricted = !word.text.startsWith("*") && !word.text.equals("?");
    if (isRestricted && field == CronField.DAY_OF_MONTH) {
      days.restrictDates();
    }
    if (isRestricted && field == CronField.DAY_OF_WEEK) {
      days.restrictWeekdays();
    }
    int position = word.position;
    for (String item : word.text.split(",", -1)) {
      Word part = new Word(item, position);
      if (!special(field, part, word)) {
        range(field, part);
      }
      position += item.length() + 1;
    }
  }

  /** Parses an item that is neither a number nor a range. @return whether it was one */
  private boolean special(CronField field, Word item, Word whole) {
    return switch (field) {
      case DAY_OF_MONTH -> isAny(field, item, whole) || date(field, item);
      case DAY_OF_WEEK -> isAny(field, item, whole) || weekday(field, item);
      case SECOND, MINUTE, HOUR, MONTH -> false;
    };
  }

  private boolean isAny(CronField field, Word item, Word whole) {
    if (!item.upper().equals("?")) {
      return false;
    }
    if (!whole.text.equals("?")) {
      throw wrong(field, item, "'?' must be alone");
    }
    add(field, field.least(), field.most(), 1);
    return true;
  }

  private boolean date(CronField field, Word item) {
    Matcher lastBut = LAST_BUT.matcher(item.upper());
    Matcher nearest = NEAREST.matcher(item.upper());
    if (item.upper().equals("L")) {
      days.dateFromLast(0);
    } else if (item.upper().equals("LW")) {
      days.lastWorkingDay();
    } else if (lastBut.matches()) {
      days.dateFromLast(number(lastBut.group(1), 1, field.most() - 1, field, item));
    } else if (nearest.matches()) {
      days.nearestWorkingDay(number(nearest.group(1), 1, field.most(), field, item));
    } else {
      return false;
    }
    return true;
  }

  private boolean weekday(CronField field, Word item) {
    Matcher nth = NTH.matcher(item.upper());
    Matcher last = LAST_WEEKDAY.matcher(item.upper());
    if (nth.matches()) {
      days.nthWeekday(value(field, item, nth.group(1)), number(nth.group(2), 1, 5, field, item));
    } else if (last.matches()) {
      days.lastWeekday(value(field, item, last.group(1)));
    } else {
      return false;
    }
    return true;
  }

  private int number(String digits, int least, int most, CronField field, Word item) {
    int number = digits.length() > 3 ? most + 1 : Integer.parseInt(digits);
    if (number < least || number > most) {
      throw wrong(field, item, "the number %s must be %d to %d".formatted(digits, least, most));
    }
    return number;
  }

  private void range(CronField field, Word item) {
    int slash = item.upper().indexOf('/');
    String range = slash < 0 ? item.upper() : item.upper().substring(0, slash);
    int dash = range.indexOf('-');
    int from;
    int to;
    if (range.equals("*")) {
      from = field.least();
      to = field.most();
    } else if (dash < 0) {
      from = value(field, item, range);
      to = slash < 0 ? from : field.most();
    } else {
      from = value(field, item, range.substring(0, dash));
      to = value(field, item, range.substring(dash + 1));
      to = field == CronField.DAY_OF_WEEK && to == 0 && from > 0 ? field.most() : to;
    }
    if (to < from) {
      throw wrong(field, item, "a range goes upwards: write two, with a comma between");
    }
    add(field, from, to, slash < 0 ? 1 : step(field, item, item.upper().substring(slash + 1)));
  }

  private int step(CronField field, Word item, String digits) {
    if (!digits.matches("[0-9]+")) {
      throw wrong(field, item, "a step is a number, such as */5");
    }
    return number(digits, 1, field.most() - field.least() + 1, field, item);
  }

  private int value(CronField field, Word item, String word) {
    int value = field.value(word);
    if (value < 0) {
      throw wrong(field, item, "expected " + field.allowed());
    }
    return value;
  }

  private void add(CronField field, int from, int to, int step) {
    for (int value = from; value <= to; value += step) {
      switch (field) {
        case SECOND, MINUTE, HOUR -> times.merge(field, 1L << value, (some, more) -> some | more);
        case DAY_OF_MONTH -> days.date(value);
        case MONTH -> days.month(value);
        case DAY_OF_WEEK -> days.weekday(value);
      }
    }
  }

  private InvalidRequestException wrong(CronField field, Word item, String what) {
    return new InvalidRequestException(
        "cron '%s': %s '%s' at character %d: %s"
            .formatted(given, field, item.text, item.position, what));
  }
}
