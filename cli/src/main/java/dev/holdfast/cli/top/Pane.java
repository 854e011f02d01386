package dev.holdfast.cli.top;

import dev.holdfast.cli.terminal.Cell;
import dev.holdfast.cli.terminal.StyledLine;
import dev.holdfast.cli.terminal.Table;
import dev.holdfast.cli.terminal.Tone;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/**
 * A part of the screen with a table of one kind of things, of which one is selected.
 *
 * @param <T> the kind of things
 */
final class Pane<T> {
  private final Supply<T> supply;
  private final List<Order<T>> orders;
  private int order;
  private int selectedIndex;
  private Optional<String> selected = Optional.empty();
  private List<T> shown = List.of();

  Pane(Supply<T> supply, List<Order<T>> orders) {
    this.supply = supply;
    this.orders = List.copyOf(orders);
  }

  /** The things of a pane. */
  interface Supply<T> {
    /** Returns the things in a snapshot. */
    List<T> of(Snapshot snapshot);

    /** Returns the name of a thing, unlike that of any other. */
    String name(T thing);

    /** Returns a table with a row for each of these things. */
    Table table(Snapshot snapshot, List<T> things);
  }

  /**
   * An order of rows.
   *
   * @param name such as {@code by age}
   */
  record Order<T>(String name, Comparator<T> comparator) {
    static <T, U extends Comparable<U>> Order<T> ascending(String name, Function<T, U> value) {
      return new Order<>(name, Comparator.comparing(value));
    }

    static <T, U extends Comparable<U>> Order<T> descending(String name, Function<T, U> value) {
      return new Order<>(name, Comparator.comparing(value).reversed());
    }
  }

  /** Takes the things of a snapshot whose rows contain the text. */
  void take(Snapshot snapshot, String text) {
    String wanted = text.toLowerCase(Locale.ROOT);
    List<T> things = new ArrayList<>(supply.of(snapshot));
    if (!wanted.isEmpty()) {
      List<StyledLine> rows = supply.table(snapshot, things).lines();
      List<T> found = new ArrayList<>();
      for (int i = 0; i < things.size(); i++) {
        if (rows.get(i + 1).text().toLowerCase(Locale.ROOT).contains(wanted)) {
          found.add(things.get(i));
        }
      }
      things = found;
    }
    things.sort(orders.get(order).comparator());
    shown = things;
    find();
  }

  /** Keeps the selected thing selected wherever it is now, or else what took its place. */
  private void find() {
    List<String> names = shown.stream().map(supply::name).toList();
    int index = selected.map(names::indexOf).orElse(-1);
    select(index >= 0 ? index : selectedIndex);
  }

  private void select(int index) {
    selectedIndex = Math.max(0, Math.min(index, shown.size() - 1));
    selected =
        shown.isEmpty() ? Optional.empty() : Optional.of(supply.name(shown.get(selectedIndex)));
  }

  void move(int rows) {
    select(selectedIndex + rows);
  }

  void nextOrder() {
    order = (order + 1) % orders.size();
  }

  /** Returns the name of the order of the rows. */
  String order() {
    return orders.get(order).name();
  }

  /** Returns the name of the selected thing. */
  Optional<String> selected() {
    return selected;
  }

  /** Returns the number of rows. */
  int size() {
    return shown.size();
  }

  /** Returns the headings and the rows around the selected one, in at most so many lines. */
  List<StyledLine> lines(Snapshot snapshot, int height, int width, boolean isFocused) {
    int rows = Math.max(0, height - 1);
    int first = Math.max(0, Math.min(selectedIndex - rows / 2, shown.size() - rows));
    List<StyledLine> all = supply.table(snapshot, shown).lines(width);
    if (shown.isEmpty()) {
      Cell heading = all.get(0).cells().get(0);
      return List.of(
          StyledLine.of(
              isFocused ? new Cell(heading.text(), Tone.FOCUS) : heading,
              new Cell("  none", Tone.FAINT)));
    }
    List<StyledLine> lines = new ArrayList<>();
    lines.add(isFocused ? filled(all.get(0), width, Tone.FOCUS) : all.get(0));
    for (int i = first; i < Math.min(first + rows, shown.size()); i++) {
      StyledLine row = all.get(i + 1);
      lines.add(isFocused && i == selectedIndex ? filled(row, width, Tone.SELECTED) : row);
    }
    return lines;
  }

  private static StyledLine filled(StyledLine line, int width, Tone tone) {
    String blanks = " ".repeat(Math.max(0, width - line.width()));
    List<Cell> cells = new ArrayList<>();
    line.cells().forEach(cell -> cells.add(new Cell(cell.text(), tone)));
    cells.add(new Cell(blanks, tone));
    return new StyledLine(cells);
  }
}
