package dev.holdfast.handlers.http;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The statuses that count as success.
 *
 * @param ranges any of them
 */
record Statuses(List<Range> ranges) {
  private static final Pattern ONE = Pattern.compile("[1-5]\\d\\d");
  private static final Pattern CLASS = Pattern.compile("([1-5])xx");
  private static final Pattern SPAN = Pattern.compile("([1-5]\\d\\d)-([1-5]\\d\\d)");
  private static final Statuses SUCCESS = new Statuses(List.of(new Range(200, 299)));

  /** A range of statuses, including both ends. */
  record Range(int first, int last) {}

  static Statuses of(@Nullable List<@Nullable Object> expect) throws PayloadMistake {
    if (expect == null) {
      return SUCCESS;
    }
    List<Range> ranges = new ArrayList<>();
    for (Object range : expect) {
      ranges.add(range(String.valueOf(range)));
    }
    if (ranges.isEmpty()) {
      throw new PayloadMistake(
          "'expect' names no status, so no response could complete the job: leave it out for 2xx");
    }
    return new Statuses(List.copyOf(ranges));
  }

  private static Range range(String text) throws PayloadMistake {
    Matcher ofClass = CLASS.matcher(text);
    Matcher span = SPAN.matcher(text);
    if (ONE.matcher(text).matches()) {
      return new Range(Integer.parseInt(text), Integer.parseInt(text));
    }
    if (ofClass.matches()) {
      int first = 100 * Integer.parseInt(ofClass.group(1));
      return new Range(first, first + 99);
    }
    if (span.matches()) {
      return new Range(Integer.parseInt(span.group(1)), Integer.parseInt(span.group(2)));
    }
    throw new PayloadMistake(
        "'%s' in 'expect' is not a status: expected one such as 404, \"200-299\" or \"2xx\""
            .formatted(text));
  }

  boolean contain(int status) {
    return ranges.stream().anyMatch(range -> range.first() <= status && status <= range.last());
  }
}
