package dev.holdfast.cli.top;

import java.util.List;

/** A row of small bars. */
final class Sparkline {
  private static final String BARS = "▁▂▃▄▅▆▇█";

  private Sparkline() {}

  /** Returns a bar for each value, the highest for the greatest one; a blank for each zero. */
  static String of(List<Long> values) {
    long max = values.stream().mapToLong(Long::longValue).max().orElse(0);
    StringBuilder bars = new StringBuilder();
    for (long value : values) {
      bars.append(value == 0 ? ' ' : BARS.charAt((int) ((BARS.length() - 1) * value / max)));
    }
    return bars.toString().isBlank() ? "" : bars.toString();
  }
}
