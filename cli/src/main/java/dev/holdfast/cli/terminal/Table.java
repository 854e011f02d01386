package dev.holdfast.cli.terminal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Rows of text in aligned columns. */
public final class Table {
  private final List<List<String>> rows = new ArrayList<>();

  /** Creates an empty table with these headings. */
  public Table(String... header) {
    rows.add(List.of(header));
  }

  /** Adds a row; control characters in it are replaced. */
  public void add(String... cells) {
    rows.add(Arrays.stream(cells).map(Text::safe).toList());
  }

  /** Returns whether there are no rows below the headings. */
  public boolean isEmpty() {
    return rows.size() == 1;
  }

  /** Prints the headings and all rows. */
  public void print(Console console) {
    int columns = rows.get(0).size();
    int[] widths = new int[columns];
    for (List<String> row : rows) {
      for (int column = 0; column < columns; column++) {
        widths[column] = Math.max(widths[column], Text.width(row.get(column)));
      }
    }
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int column = 0; column < columns; column++) {
        line.append(row.get(column));
        line.append(" ".repeat(widths[column] - Text.width(row.get(column)) + 2));
      }
      console.line(line.toString().stripTrailing());
    }
  }
}
