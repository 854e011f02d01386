package dev.holdfast.cli.health;

import dev.holdfast.Finding;
import dev.holdfast.cli.terminal.Console;
import dev.holdfast.cli.terminal.Text;
import java.util.List;

/** Prints findings, each with a suggested fix. */
final class Findings {
  private Findings() {}

  static void print(Console console, List<Finding> findings) {
    for (Finding finding : findings) {
      console.line(
          "%-8s %s: %s".formatted(finding.gravity(), finding.code(), Text.safe(finding.text())));
      console.line("         → " + Text.safe(finding.cure()));
    }
  }
}
