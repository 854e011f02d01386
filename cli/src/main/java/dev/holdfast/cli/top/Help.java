package dev.holdfast.cli.top;

import dev.holdfast.cli.terminal.Cell;
import dev.holdfast.cli.terminal.StyledLine;
import dev.holdfast.cli.terminal.Tone;
import java.util.ArrayList;
import java.util.List;

/** The keys of the screen. */
final class Help {
  private static final String[][] KEYS = {
    {"Tab, Shift-Tab", "next pane, pane before"},
    {"↑ ↓, j k, PgUp PgDn", "choose a row"},
    {"Enter", "open the chosen job: why it is as it is, its history and log"},
    {"Esc", "close it, or clear the filter"},
    {"s", "next order of the rows"},
    {"/", "show only rows with a text"},
    {". or Space", "freeze the screen, or let it go on"},
    {"p", "pause the chosen queue, or resume it, after a question"},
    {"r", "read everything again now"},
    {"q, Ctrl-C", "quit"},
  };

  private Help() {}

  static List<StyledLine> lines() {
    List<StyledLine> lines = new ArrayList<>();
    lines.add(StyledLine.of("Keys", Tone.HEADING));
    for (String[] key : KEYS) {
      lines.add(StyledLine.of(new Cell("%-22s".formatted(key[0]), Tone.ACTIVE), Cell.of(key[1])));
    }
    lines.add(StyledLine.of("", Tone.PLAIN));
    lines.add(
        Layout.plain("PER MINUTE: jobs that completed or failed, on average over five minutes."));
    lines.add(Layout.plain("Running nodes add up the figures every few seconds."));
    return lines;
  }
}
