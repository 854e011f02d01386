package dev.holdfast.http;

import dev.holdfast.QueueSettings.Rate;
import dev.holdfast.check.Durations;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Parses and formats rates such as {@code 100/1m}. */
public final class Rates {
  private static final Pattern RATE = Pattern.compile("(\\d{1,9})/(.+)");

  private Rates() {}

  /**
   * Parses a rate.
   *
   * @throws InvalidRequestException if {@code text} is malformed
   */
  public static Rate parse(String text) {
    Matcher rate = RATE.matcher(text.strip());
    if (!rate.matches()) {
      throw new InvalidRequestException(
          "a rate must be a number of jobs and a period, such as 100/1m, was '%s'".formatted(text));
    }
    return new Rate(Integer.parseInt(rate.group(1)), period(rate.group(2)));
  }

  /** Parses a period; a unit without a number counts as one. */
  private static Duration period(String text) {
    return Durations.parse(Character.isDigit(text.charAt(0)) ? text : "1" + text);
  }

  /** Formats a rate, as {@link #parse} reads it. */
  public static String write(Rate rate) {
    return rate.starts() + "/" + Durations.write(rate.period());
  }
}
