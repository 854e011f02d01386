package dev.holdfast.benchmarks.spike;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Collects one rate per round and step, and computes medians. */
final class Rates {

  private final Map<String, List<Double>> perSecondByStep = new LinkedHashMap<>();

  void add(String step, long count, long nanos) {
    perSecondByStep.computeIfAbsent(step, s -> new ArrayList<>()).add((double) count * 1e9 / nanos);
  }

  double median(String step) {
    return percentile(perSecondByStep.get(step), 50);
  }

  Iterable<String> steps() {
    return perSecondByStep.keySet();
  }

  static double percentile(List<? extends Number> values, double percent) {
    double[] sorted = values.stream().mapToDouble(Number::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      return Double.NaN;
    }
    int at = (int) Math.round((sorted.length - 1) * percent / 100);
    return sorted[Math.min(at, sorted.length - 1)];
  }

  /**
   * Returns one line: the name, then each step's median in jobs per second and its ratio to a base.
   */
  String line(String name, Rates base) {
    StringBuilder line = new StringBuilder("%-34s".formatted(name));
    for (String step : perSecondByStep.keySet()) {
      double median = median(step);
      line.append("  %s %,9.0f (%.2f)".formatted(step, median, median / base.median(step)));
    }
    return line.toString();
  }

  @Override
  public String toString() {
    return Arrays.toString(perSecondByStep.entrySet().toArray());
  }
}
