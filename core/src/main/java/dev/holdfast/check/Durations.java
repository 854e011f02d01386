package dev.holdfast.check;

import dev.holdfast.error.InvalidRequestException;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 30s}, {@code 1h30m}, {@code 2d}; ISO 8601
 * ({@code PT30S}) is accepted too. The resolution is a millisecond.
 */
public final class Durations {
  /** The accepted syntax, in words. */
  public static final String SYNTAX = "numbers with ms, s, m, h or d, such as 500ms, 30s or 1h30m";

  private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|d)");
  private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + ")+");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(?:\\.\\d{1,9})?");
  private static final long DAYS_MAX = 999_999_999;
  private static final int CHARS_MAX = 100;

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws InvalidRequestException if {@code text} is not a duration
   */
  public static Duration parse(String text) {
    return find(text)
        .orElseThrow(
            () ->
                new InvalidRequestException(
                    "%s is not a duration: expected %s".formatted(Printable.quoted(text), SYNTAX)));
  }

  /**
   * Reads a number of units, decimals allowed, or a duration that names its units itself.
   *
   * @throws InvalidRequestException if {@code text} is neither
   */
  public static Duration parse(String text, Duration unit) {
    String trimmed = text.strip();
    return NUMBER.matcher(trimmed).matches()
        ? Duration.ofMillis(Math.round(Double.parseDouble(trimmed) * unit.toMillis()))
        : parse(text);
  }

  /** Reads a duration; empty if {@code text} is not one. */
  public static Optional<Duration> find(String text) {
    if (text.length() > CHARS_MAX) {
      return Optional.empty();
    }
    String trimmed = text.strip().toLowerCase(Locale.ROOT);
    if (trimmed.equals("0")) {
      return Optional.of(Duration.ZERO);
    }
    if (trimmed.startsWith("p")) {
      return iso(trimmed);
    }
    if (!WHOLE.matcher(trimmed).matches()) {
      return Optional.empty();
    }
    Duration sum = Duration.ZERO;
    for (Matcher part = PART.matcher(trimmed); part.find(); ) {
      double millis = Double.parseDouble(part.group(1)) * unitMillis(part.group(2));
      sum = sum.plusMillis(Math.round(millis));
    }
    return Optional.of(sum).filter(found -> found.toDays() <= DAYS_MAX);
  }

  private static Optional<Duration> iso(String text) {
    try {
      Duration duration = Duration.parse(text);
      return duration.isNegative() || duration.toDays() > DAYS_MAX
          ? Optional.empty()
          : Optional.of(Duration.ofMillis(duration.toMillis()));
    } catch (DateTimeException malformed) {
      return Optional.empty();
    }
  }

  private static long unitMillis(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      default -> 86_400_000;
    };
  }

  /**
   * Formats a duration exactly, as {@link #parse} reads it: {@code 1h30m}, {@code 500ms}, {@code
   * 7d}.
   */
  public static String write(Duration duration) {
    StringBuilder text = new StringBuilder();
    append(text, duration.toDays(), "d");
    append(text, duration.toHoursPart(), "h");
    append(text, duration.toMinutesPart(), "m");
    append(text, duration.toSecondsPart(), "s");
    append(text, duration.toMillisPart(), "ms");
    return text.isEmpty() ? "0s" : text.toString();
  }

  /**
   * Describes any duration in a message: as {@link #write}, with a sign if it is negative, and in
   * nanoseconds if it is below a millisecond.
   */
  public static String describe(Duration duration) {
    if (duration.isNegative()) {
      return "-" + describe(duration.negated());
    }
    boolean isTiny = !duration.isZero() && duration.toMillis() == 0;
    return isTiny ? duration.toNanos() + "ns" : write(duration);
  }

  private static void append(StringBuilder text, long number, String unit) {
    if (number > 0) {
      text.append(number).append(unit);
    }
  }

  /**
   * Formats a duration roughly, for display: {@code 1.2s}, {@code 3m 4s}, {@code 2h 5m}, {@code 3d
   * 4h}.
   */
  public static String format(Duration duration) {
    long tenths = Math.round(duration.toMillis() / 100.0);
    if (tenths < 600) {
      return "%d.%ds".formatted(tenths / 10, tenths % 10);
    }
    long seconds = Math.round(duration.toMillis() / 1000.0);
    if (seconds < 3_600) {
      return "%dm %ds".formatted(seconds / 60, seconds % 60);
    }
    long minutes = seconds / 60;
    return minutes < 24 * 60
        ? "%dh %dm".formatted(minutes / 60, minutes % 60)
        : "%dd %dh".formatted(minutes / (24 * 60), minutes / 60 % 24);
  }
}
