package dev.holdfast.handlers.outbound;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** When a server wants to be asked again: after some seconds, or at a time (RFC 9110, 10.2.3). */
public final class RetryAfter {
  /** No answer can put a job off for longer. */
  public static final Duration MAX = Duration.ofDays(1);

  private static final Pattern SECONDS = Pattern.compile("\\d{1,9}");

  private RetryAfter() {}

  /** The delay from {@code now}, at most {@link #MAX}; empty if the field says nothing readable. */
  public static Optional<Duration> parse(String field, Instant now) {
    String text = field.strip();
    if (SECONDS.matcher(text).matches()) {
      return Optional.of(within(Duration.ofSeconds(Long.parseLong(text))));
    }
    try {
      Instant time = ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
      return Optional.of(within(Duration.between(now, time)));
    } catch (DateTimeException unreadable) {
      return Optional.empty();
    }
  }

  private static Duration within(Duration delay) {
    if (delay.isNegative()) {
      return Duration.ZERO;
    }
    return delay.compareTo(MAX) > 0 ? MAX : delay;
  }
}
