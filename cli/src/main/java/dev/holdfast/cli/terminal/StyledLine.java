package dev.holdfast.cli.terminal;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A line of text in several tones.
 *
 * @param cells its pieces, from left to right
 */
public record StyledLine(List<Cell> cells) {
  private static final String CUT = "…";

  /** Copies the pieces. */
  public StyledLine {
    cells = List.copyOf(cells);
  }

  /** Returns a line of these pieces. */
  public static StyledLine of(Cell... cells) {
    return new StyledLine(List.of(cells));
  }

  /** Returns a line in one tone. */
  public static StyledLine of(String text, Tone tone) {
    return of(new Cell(text, tone));
  }

  /** Returns the number of columns that it takes on a terminal. */
  public int width() {
    return cells.stream().mapToInt(Cell::width).sum();
  }

  /** Returns the line if it fits in so many columns, else its beginning with a mark at the end. */
  public StyledLine cut(int columns) {
    if (width() <= columns) {
      return this;
    }
    List<Cell> kept = new ArrayList<>();
    int left = columns - 1;
    for (Cell cell : cells) {
      if (cell.width() > left) {
        kept.add(new Cell(Text.start(cell.text(), left) + CUT, cell.tone()));
        break;
      }
      kept.add(cell);
      left -= cell.width();
    }
    return new StyledLine(kept);
  }

  /** Returns the text alone. */
  public String text() {
    return cells.stream().map(Cell::text).collect(Collectors.joining()).stripTrailing();
  }

  /** Returns the text with the escape sequences of its tones. */
  public String painted() {
    return cells.stream().map(cell -> cell.tone().paint(cell.text())).collect(Collectors.joining());
  }
}
