package dev.holdfast.benchmarks.load;

import java.util.Arrays;
import java.util.Locale;

/** Computes and formats medians and percentiles. */
public final class Figures {
  private Figures() {}

  /** Returns the value in the middle, or the upper of two; NaN if there is none. */
  public static double median(double[] values) {
    double[] sorted = sorted(values);
    return sorted.length == 0 ? Double.NaN : sorted[sorted.length / 2];
  }

  /**
   * Returns the value that {@code part} (0 to 1) of them do not exceed.
   *
   * @param sorted at least one value, ascending
   */
  public static double percentile(double[] sorted, double part) {
    return sorted[(int) Math.min(sorted.length - 1.0, part * sorted.length)];
  }

  /** Returns a sorted copy, ascending. */
  public static double[] sorted(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  /** Returns the median with minimum and maximum, such as {@code 1,200/s (900 to 1,300)}. */
  public static String range(double[] rates) {
    double[] sorted = sorted(rates);
    return String.format(
        Locale.ROOT,
        "%,.0f/s (%,.0f to %,.0f)",
        median(rates),
        sorted[0],
        sorted[sorted.length - 1]);
  }

  /** Returns the same without a unit, each value in this format: {@code 1.20 (1.10 to 1.35)}. */
  public static String range(String format, double[] values) {
    double[] sorted = sorted(values);
    return String.format(
        Locale.ROOT,
        "%1$s (%1$s to %1$s)".replace("%1$s", format),
        median(values),
        sorted[0],
        sorted[sorted.length - 1]);
  }

  /** Returns milliseconds such as {@code p50 1.20 p99 3.40 max 5.00}. */
  public static String percentiles(double[] millis) {
    double[] sorted = sorted(millis);
    return String.format(
        Locale.ROOT,
        "p50 %.2f p99 %.2f max %.2f",
        percentile(sorted, 0.5),
        percentile(sorted, 0.99),
        sorted[sorted.length - 1]);
  }
}
