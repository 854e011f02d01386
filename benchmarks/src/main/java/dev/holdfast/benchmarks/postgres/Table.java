package dev.holdfast.benchmarks.postgres;

import java.util.ArrayList;
import java.util.List;

/** A Markdown table. */
final class Table {
  private final List<String> lines = new ArrayList<>();

  Table(String... headings) {
    row(headings);
    row(List.of(headings).stream().map(heading -> "---").toArray(String[]::new));
  }

  Table row(String... cells) {
    lines.add("| " + String.join(" | ", cells) + " |");
    return this;
  }

  @Override
  public String toString() {
    return String.join("\n", lines);
  }
}
