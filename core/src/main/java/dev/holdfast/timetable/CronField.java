package dev.holdfast.timetable;

import java.util.List;

/** The fields of a cron expression, in order. */
enum CronField {
  SECOND("second", 0, 59, "", "0 to 59"),
  MINUTE("minute", 0, 59, "", "0 to 59"),
  HOUR("hour", 0, 23, "", "0 to 23"),
  DAY_OF_MONTH("day of month", 1, 31, "", "1 to 31, L, L-3, LW, 15W or ?"),
  MONTH("month", 1, 12, "JAN FEB MAR APR MAY JUN JUL AUG SEP OCT NOV DEC", "1 to 12 or JAN to DEC"),
  DAY_OF_WEEK(
      "day of week",
      0,
      7,
      "SUN MON TUE WED THU FRI SAT",
      "0 to 7 (0 and 7 are Sunday) or SUN to SAT, MON#2, FRIL or ?");

  private final String words;
  private final int least;
  private final int most;
  private final String names;
  private final String allowed;

  CronField(String words, int least, int most, String names, String allowed) {
    this.words = words;
    this.least = least;
    this.most = most;
    this.names = names;
    this.allowed = allowed;
  }

  int least() {
    return least;
  }

  int most() {
    return most;
  }

  /** Returns the allowed values, for messages. */
  String allowed() {
    return allowed;
  }

  /** Returns the number for {@code word}, in capitals; negative if there is none. */
  int value(String word) {
    int named = List.of(names.split(" ")).indexOf(word);
    if (named >= 0 && !word.isEmpty()) {
      return least + named;
    }
    boolean isNumber = word.matches("[0-9]{1,3}");
    int number = isNumber ? Integer.parseInt(word) : -1;
    return number >= least && number <= most ? number : -1;
  }

  @Override
  public String toString() {
    return words;
  }
}
