package dev.holdfast.cli.terminal;

import dev.holdfast.InvalidRequestException;
import java.time.Duration;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: {@code 500ms}, {@code 30s}, {@code 1h30m}, {@code 2d}. */
public final class Durations {
  private static final Pattern PART = Pattern.compile("(\\d{1,9}(?:\\.\\d{1,9})?)(ms|s|m|h|d)");
  private static final Pattern NUMBER = Pattern.compile("\\d{1,9}(?:\\.\\d{1,9})?");
  private static final Pattern WHOLE = Pattern.compile("(?:" + PART.pattern() + ")+");

  private Durations() {}

  /**
   * Reads a duration.
   *
   * @throws InvalidRequestException if {@code text} is none
   */
  public static Duration parse(String text) {
    String trimmed = text.strip().toLowerCase(Locale.ROOT);
    if (trimmed.equals("0")) {
      return Duration.ZERO;
    }
    if (!WHOLE.matcher(trimmed).matches()) {
      throw new InvalidRequestException(
          "'%s' is no duration: expected numbers with ms, s, m, h or d, such as 500ms, 30s or 1h30m"
              .formatted(Text.safe(text)));
    }
    Duration sum = Duration.ZERO;
    for (Matcher part = PART.matcher(trimmed); part.find(); ) {
      double millis = Double.parseDouble(part.group(1)) * unitMillis(part.group(2));
      sum = sum.plusMillis(Math.round(millis));
    }
    return sum;
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

  private static long unitMillis(String unit) {
    return switch (unit) {
      case "ms" -> 1;
      case "s" -> 1_000;
      case "m" -> 60_000;
      case "h" -> 3_600_000;
      default -> 86_400_000;
    };
  }

  /** For people: {@code 1.2s}, {@code 3m 4s}, {@code 2h 5m}, {@code 3d 4h}. */
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
