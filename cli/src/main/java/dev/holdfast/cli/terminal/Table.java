package dev.holdfast.cli.terminal;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Rows of text in aligned columns; numbers are aligned on the right. On a terminal no line is wider
 * than the terminal.
 */
public final class Table {
  private static final int GAP = 2;

  /** The columns of the terminal that are left to the last column, which is cut. */
  private static final int LAST_MIN = 16;

  private static final Pattern NUMBER = Pattern.compile("[\\d,.]+( %)?");

  private final List<Cell> header;
  private final List<List<Cell>> rows = new ArrayList<>();
  private List<String> givingWay = List.of();

  /** Creates an empty table with these headings. */
  public Table(String... header) {
    this.header = Arrays.stream(header).map(text -> new Cell(text, Tone.HEADING)).toList();
  }

  /**
   * Leaves out columns on a terminal: first those that are empty, then, as far as the terminal is
   * too narrow, these in this order. What is not a terminal gets all of them.
   */
  public Table givingWay(String... headings) {
    givingWay = List.of(headings);
    return this;
  }

  /** Adds a row; control characters in it are replaced. */
  public void add(String... cells) {
    rows.add(Arrays.stream(cells).map(Cell::of).toList());
  }

  /** Adds a row. */
  public void add(List<Cell> cells) {
    rows.add(List.copyOf(cells));
  }

  /** Returns whether there are no rows below the headings. */
  public boolean isEmpty() {
    return rows.isEmpty();
  }

  /** Prints the headings and all rows. */
  public void print(Console console) {
    Display display = console.display();
    List<StyledLine> lines = display.isTerminal() ? lines(display.size().columns()) : lines();
    lines.forEach(console::line);
  }

  /** Returns the headings and all rows, as wide as they are. */
  public List<StyledLine> lines() {
    return lines(IntStream.range(0, header.size()).boxed().toList());
  }

  /** Returns the headings and all rows in lines of at most so many columns of a terminal. */
  public List<StyledLine> lines(int width) {
    List<Integer> shown = new ArrayList<>(IntStream.range(0, header.size()).boxed().toList());
    if (!givingWay.isEmpty() && !rows.isEmpty()) {
      shown.removeIf(column -> rows.stream().allMatch(row -> row.get(column).text().isEmpty()));
    }
    return lines(fitting(shown, width)).stream().map(line -> line.cut(width)).toList();
  }

  /** Leaves out columns until the others fit, and then takes back those that fit nevertheless. */
  private List<Integer> fitting(List<Integer> columns, int width) {
    List<Integer> shown = new ArrayList<>(columns);
    Deque<Integer> leftOut = new ArrayDeque<>();
    for (String heading : givingWay) {
      for (Integer column : columns) {
        if (header.get(column).text().equals(heading) && needed(shown) > width) {
          shown.remove(column);
          leftOut.push(column);
        }
      }
    }
    for (Integer column : leftOut) {
      List<Integer> more = Stream.concat(shown.stream(), Stream.of(column)).sorted().toList();
      if (needed(more) <= width) {
        shown = more;
      }
    }
    return shown;
  }

  private int needed(List<Integer> shown) {
    int needed = 0;
    for (int i = 0; i < shown.size(); i++) {
      int width = width(shown.get(i));
      needed += i < shown.size() - 1 ? width + GAP : Math.min(width, LAST_MIN);
    }
    return needed;
  }

  private List<StyledLine> lines(List<Integer> shown) {
    List<List<Cell>> lines = new ArrayList<>();
    lines.add(new ArrayList<>());
    rows.forEach(row -> lines.add(new ArrayList<>()));
    for (int i = 0; i < shown.size(); i++) {
      int column = shown.get(i);
      boolean isLast = i == shown.size() - 1;
      int width = width(column);
      boolean isNumeric = isNumeric(column);
      add(lines.get(0), header.get(column), width, isNumeric, isLast);
      for (int row = 0; row < rows.size(); row++) {
        add(lines.get(row + 1), rows.get(row).get(column), width, isNumeric, isLast);
      }
    }
    return lines.stream().map(StyledLine::new).toList();
  }

  private static void add(List<Cell> line, Cell cell, int width, boolean isRight, boolean isLast) {
    Cell blanks = Cell.of(" ".repeat(width - cell.width()));
    if (isRight) {
      line.add(blanks);
    }
    line.add(cell);
    if (!isRight && !isLast) {
      line.add(blanks);
    }
    if (!isLast) {
      line.add(Cell.of(" ".repeat(GAP)));
    }
  }

  private int width(int column) {
    return rows.stream()
        .mapToInt(row -> row.get(column).width())
        .reduce(header.get(column).width(), Math::max);
  }

  private boolean isNumeric(int column) {
    List<String> texts =
        rows.stream().map(row -> row.get(column).text()).filter(text -> !text.isEmpty()).toList();
    return !texts.isEmpty() && texts.stream().allMatch(text -> NUMBER.matcher(text).matches());
  }
}
