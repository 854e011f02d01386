package dev.holdfast.cli.health;

import dev.holdfast.Finding;
import dev.holdfast.cli.terminal.Cell;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Display;
import dev.holdfast.cli.terminal.StyledLine;
import dev.holdfast.cli.terminal.Text;
import dev.holdfast.cli.terminal.Tone;
import java.util.List;

/** Prints findings, each with a suggested fix. */
final class Findings {
  private static final int INDENT = 9;

  private Findings() {}

  static void print(Console console, List<Finding> findings) {
    for (Finding finding : findings) {
      Tone tone = Tone.of(finding.gravity());
      print(
          console,
          new Cell("%-8s ".formatted(finding.gravity()), tone),
          finding.code() + ": " + finding.text());
      print(console, Cell.of(" ".repeat(INDENT)), "→ " + finding.cure());
    }
  }

  /** Prints text behind a mark; on a terminal the lines below it are indented like the first. */
  private static void print(Console console, Cell mark, String text) {
    Display display = console.display();
    int columns = display.isTerminal() ? display.size().columns() - INDENT : Integer.MAX_VALUE;
    Cell before = mark;
    for (String line : Text.wrap(Text.safe(text), columns)) {
      console.line(StyledLine.of(before, Cell.of(line)));
      before = Cell.of(" ".repeat(INDENT));
    }
  }
}
