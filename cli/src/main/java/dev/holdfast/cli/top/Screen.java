package dev.holdfast.cli.top;

import dev.holdfast.JobId;
import dev.holdfast.QueueSummary;
import dev.holdfast.cli.terminal.StyledLine;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.http.Redaction;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The view of a queue, which keys change. It knows no terminal and reads nothing. Not safe for use
 * by several threads at once.
 */
final class Screen {
  private static final int PAGE = 10;

  private final Pane<QueueSummary> queues = Panes.queues();
  private final Pane<?> running;
  private final Pane<?> failures;
  private final List<Pane<?>> panes;
  private int focus;
  private Mode mode = Mode.BROWSING;
  private String filter;
  private boolean isFrozen;
  private Optional<String> outage = Optional.empty();
  private Optional<String> notice = Optional.empty();
  private Wish.@Nullable SetPaused question;
  private @Nullable JobPage page;
  private int scrolled;
  private @Nullable Snapshot snapshot;

  /** The uses of keys. */
  enum Mode {
    /** They choose panes and rows. */
    BROWSING,
    /** They are the text of the filter. */
    TYPING,
    /** They answer a question. */
    ASKED,
    /** They scroll a job or the help. */
    READING
  }

  Screen(Redaction redaction, String filter) {
    this.filter = filter;
    this.running = Panes.running(redaction);
    this.failures = Panes.failures(redaction);
    this.panes = List.of(queues, running, Panes.nodes(), failures);
  }

  /** Shows a new state of the queue, unless the screen is frozen. */
  void show(Snapshot now) {
    outage = Optional.empty();
    if (!isFrozen || snapshot == null) {
      snapshot = now;
      take();
    }
  }

  /** Shows that the queue cannot be read. */
  void showOutage(String message) {
    outage = Optional.of(message + "; trying again");
  }

  /** Shows an opened job. */
  void open(JobPage opened) {
    page = opened;
    scrolled = 0;
    mode = Mode.READING;
  }

  /** Shows a message until the next key. */
  void notice(String message) {
    notice = Optional.of(Text.safe(message));
  }

  /** Returns what keys do now. */
  Mode mode() {
    return mode;
  }

  /**
   * Presses a key.
   *
   * @param text the character, for {@link Key#TEXT}
   */
  Optional<Wish> press(Key key, String text) {
    notice = Optional.empty();
    if (key == Key.QUIT) {
      return Optional.of(new Wish.Quit());
    }
    return switch (mode) {
      case BROWSING -> browse(key);
      case TYPING -> type(key, text);
      case ASKED -> answer(text);
      case READING -> read(key);
    };
  }

  private Optional<Wish> browse(Key key) {
    switch (key) {
      case UP -> pane().move(-1);
      case DOWN -> pane().move(1);
      case PAGE_UP -> pane().move(-PAGE);
      case PAGE_DOWN -> pane().move(PAGE);
      case NEXT_PANE -> focus = (focus + 1) % panes.size();
      case PREVIOUS_PANE -> focus = (focus + panes.size() - 1) % panes.size();
      case SORT -> {
        pane().nextOrder();
        take();
      }
      case FILTER -> mode = Mode.TYPING;
      case BACK -> filterBy("");
      case FREEZE -> isFrozen = !isFrozen;
      case HELP -> {
        page = null;
        scrolled = 0;
        mode = Mode.READING;
      }
      case PAUSE -> ask();
      case ENTER -> {
        return selectedJob().map(Wish.Open::new);
      }
      case REFRESH -> {
        return Optional.of(new Wish.Refresh());
      }
      default -> {}
    }
    return Optional.empty();
  }

  private Optional<JobId> selectedJob() {
    return pane() == running || pane() == failures
        ? pane().selected().map(JobId::parse)
        : Optional.empty();
  }

  private void ask() {
    Snapshot now = snapshot;
    if (pane() != queues || now == null || queues.selected().isEmpty()) {
      notice("choose a queue first: Tab leads to the queues");
      return;
    }
    String name = queues.selected().orElseThrow();
    boolean isPaused =
        now.queues().stream()
            .anyMatch(queue -> queue.name().equals(name) && queue.paused().isPresent());
    question = new Wish.SetPaused(name, !isPaused);
    mode = Mode.ASKED;
  }

  private Optional<Wish> answer(String text) {
    mode = Mode.BROWSING;
    return text.equalsIgnoreCase("y") ? Optional.ofNullable(question) : Optional.empty();
  }

  private Optional<Wish> type(Key key, String text) {
    switch (key) {
      case TEXT -> filterBy(filter + Text.safe(text));
      case ERASE -> filterBy(filter.isEmpty() ? "" : filter.substring(0, lastCharacter(filter)));
      case ENTER -> mode = Mode.BROWSING;
      case BACK -> {
        filterBy("");
        mode = Mode.BROWSING;
      }
      default -> {}
    }
    return Optional.empty();
  }

  private static int lastCharacter(String text) {
    return text.offsetByCodePoints(text.length(), -1);
  }

  private Optional<Wish> read(Key key) {
    switch (key) {
      case UP -> scrolled = Math.max(0, scrolled - 1);
      case DOWN -> scrolled++;
      case PAGE_UP -> scrolled = Math.max(0, scrolled - PAGE);
      case PAGE_DOWN -> scrolled += PAGE;
      case BACK, ENTER, HELP -> {
        page = null;
        mode = Mode.BROWSING;
      }
      default -> {}
    }
    return Optional.empty();
  }

  private void filterBy(String text) {
    filter = text;
    take();
  }

  private void take() {
    Snapshot now = snapshot;
    if (now != null) {
      panes.forEach(pane -> pane.take(now, filter));
    }
  }

  private Pane<?> pane() {
    return panes.get(focus);
  }

  /** Returns the lines of the screen, at most so many rows of at most so many columns. */
  List<StyledLine> lines(int columns, int rows, String interval, boolean hasKeys) {
    Layout layout = new Layout(columns, rows);
    Snapshot now = snapshot;
    if (now == null) {
      layout.add(outage.map(Layout::alarm).orElse(Layout.plain("reading the queue …")));
    } else {
      layout.title(now, interval, isFrozen, filter);
      layout.state(now, outage);
      if (mode == Mode.READING) {
        JobPage opened = page;
        scrolled =
            layout.page(opened == null ? Help.lines() : opened.lines(columns, now.at()), scrolled);
      } else {
        layout.panes(now, panes, hasKeys ? focus : -1);
      }
    }
    return hasKeys ? layout.withFooter(footer()) : layout.lines();
  }

  private String footer() {
    if (notice.isPresent()) {
      return notice.orElseThrow();
    }
    Wish.SetPaused asked = question;
    if (mode == Mode.ASKED && asked != null) {
      return "%s queue '%s'? y: yes, any other key: no"
          .formatted(asked.isPause() ? "pause" : "resume", asked.queue());
    }
    return switch (mode) {
      case TYPING -> "filter: " + filter + "▏ Enter: keep it, Esc: clear it";
      case READING -> "↑↓ scroll  Esc back  q quit";
      default ->
          "q quit  ? help  Tab pane  Enter open  p pause  s %s  / filter  . freeze"
              .formatted(pane().order());
    };
  }
}
