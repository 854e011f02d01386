package dev.holdfast.cli.top;

import dev.holdfast.Finding;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.cli.terminal.Cell;
import dev.holdfast.cli.terminal.StyledLine;
import dev.holdfast.cli.terminal.Tone;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Lines that are put on a screen of some size, from the top to the bottom. */
final class Layout {
  /** The height from which a blank line separates two panes. */
  private static final int ROWS_WITH_GAPS = 20;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("HH:mm:ss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);

  private final int columns;
  private final int rows;
  private final List<StyledLine> lines = new ArrayList<>();

  Layout(int columns, int rows) {
    this.columns = columns;
    this.rows = rows;
  }

  static StyledLine plain(String text) {
    return StyledLine.of(text, Tone.PLAIN);
  }

  static StyledLine alarm(String text) {
    return StyledLine.of(text, Tone.ALARM);
  }

  void add(StyledLine line) {
    lines.add(line.cut(columns));
  }

  /** Adds the database, and on the right the time. */
  void title(Snapshot now, String interval, boolean isFrozen, String filter) {
    QueueStatus.Database database = now.status().database();
    Cell name = new Cell("holdfast top", Tone.HEADING);
    Cell where =
        Cell.of(
            String.format(Locale.ROOT, "  %s, %,.1f MB", database.name(), database.bytes() / 1e6));
    Cell only = new Cell(filter.isEmpty() ? "" : "  only '" + filter + "'", Tone.WARNING);
    Cell time =
        isFrozen
            ? new Cell("frozen at " + TIME.format(now.at()), Tone.WARNING)
            : new Cell(TIME.format(now.at()) + interval, Tone.FAINT);
    StyledLine left = StyledLine.of(name, where, only).cut(columns - time.width() - 2);
    List<Cell> cells = new ArrayList<>(left.cells());
    cells.add(Cell.of(" ".repeat(Math.max(2, columns - left.width() - time.width()))));
    cells.add(time);
    add(new StyledLine(cells));
  }

  /** Adds the counts of jobs, and the worst problem. */
  void state(Snapshot now, Optional<String> outage) {
    List<Cell> counts = new ArrayList<>();
    for (JobState state : JobState.values()) {
      long jobs = now.status().counts().getOrDefault(state, 0L);
      if (jobs > 0 || state == JobState.PENDING || state == JobState.RUNNING) {
        String count =
            String.format(Locale.ROOT, "%s %,d   ", state.name().toLowerCase(Locale.ROOT), jobs);
        counts.add(new Cell(count, jobs == 0 ? Tone.FAINT : Tone.of(state)));
      }
    }
    add(new StyledLine(counts));
    List<Finding> problems = now.status().problems();
    if (outage.isPresent()) {
      add(alarm(outage.orElseThrow()));
    } else if (problems.isEmpty()) {
      add(StyledLine.of("no problems", Tone.GOOD));
    } else {
      Finding worst = problems.get(0);
      String more =
          problems.size() == 1 ? "" : " (+%d: holdfast status)".formatted(problems.size() - 1);
      add(
          StyledLine.of(
              new Cell(worst.gravity() + more + " ", Tone.of(worst.gravity())),
              Cell.of(worst.text())));
    }
    add(plain(""));
  }

  /**
   * Adds the lines of a page that fit.
   *
   * @param scrolled how many lines at most are above the screen
   * @return how many lines are
   */
  int page(List<StyledLine> page, int scrolled) {
    int height = Math.max(1, rows - lines.size() - 1);
    int first = Math.max(0, Math.min(scrolled, page.size() - height));
    page.stream().skip(first).limit(height).forEach(this::add);
    return first;
  }

  /** Adds panes one below the other, each as high as it needs to be if there is room. */
  void panes(Snapshot now, List<Pane<?>> panes, int focus) {
    int height = rows - lines.size() - 1;
    int gap = rows >= ROWS_WITH_GAPS ? 1 : 0;
    int[] heights = heights(panes, height - gap * (panes.size() - 1), focus);
    for (int i = 0; i < panes.size(); i++) {
      panes.get(i).lines(now, heights[i], columns, i == focus).forEach(this::add);
      if (gap > 0 && i < panes.size() - 1) {
        add(plain(""));
      }
    }
  }

  /** Each gets an equal share, and what it does not need goes to the others, the focus first. */
  private static int[] heights(List<Pane<?>> panes, int height, int focus) {
    int[] heights = new int[panes.size()];
    int left = height;
    for (int i = 0; i < heights.length; i++) {
      heights[i] = Math.min(panes.get(i).size() + 1, height / heights.length);
      left -= heights[i];
    }
    for (int i = 0; i < heights.length; i++) {
      int pane = (Math.max(0, focus) + i) % heights.length;
      int more = Math.max(0, Math.min(left, panes.get(pane).size() + 1 - heights[pane]));
      heights[pane] += more;
      left -= more;
    }
    return heights;
  }

  /** Returns the lines, with this one at the bottom of the screen. */
  List<StyledLine> withFooter(String footer) {
    while (lines.size() < rows - 1) {
      lines.add(plain(""));
    }
    List<StyledLine> all = new ArrayList<>(lines.subList(0, Math.max(0, rows - 1)));
    all.add(StyledLine.of(footer, Tone.FAINT).cut(columns));
    return all;
  }

  List<StyledLine> lines() {
    return List.copyOf(lines);
  }
}
