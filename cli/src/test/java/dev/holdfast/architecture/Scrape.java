package dev.holdfast.architecture;

import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The metrics that a scrape by Prometheus found.
 *
 * @param metrics of each metric the values of each label
 */
record Scrape(Map<String, Map<String, Set<String>>> metrics) {
  private static final Pattern SAMPLE =
      Pattern.compile("^([a-zA-Z_:][\\w:]*)(?:\\{(.*)})? [-+.\\w]+$", Pattern.MULTILINE);
  private static final Pattern LABEL = Pattern.compile("(\\w+)=\"([^\"]*)\"");

  /** Reads texts in the text format of Prometheus. */
  static Scrape of(String... texts) {
    Map<String, Map<String, Set<String>>> metrics = new TreeMap<>();
    for (String text : texts) {
      Matcher sample = SAMPLE.matcher(text);
      while (sample.find()) {
        Map<String, Set<String>> labels =
            metrics.computeIfAbsent(sample.group(1), metric -> new TreeMap<>());
        if (sample.group(2) != null) {
          LABEL
              .matcher(sample.group(2))
              .results()
              .forEach(
                  label ->
                      labels
                          .computeIfAbsent(label.group(1), name -> new TreeSet<>())
                          .add(label.group(2)));
        }
      }
    }
    return new Scrape(metrics);
  }

  boolean has(String metric) {
    return metrics.containsKey(metric);
  }

  /** Returns the labels of a metric. */
  Set<String> labels(String metric) {
    return metrics.getOrDefault(metric, Map.of()).keySet();
  }

  /** Returns the values that a label of a metric has. */
  Set<String> values(String metric, String label) {
    return metrics.getOrDefault(metric, Map.of()).getOrDefault(label, Set.of());
  }
}
