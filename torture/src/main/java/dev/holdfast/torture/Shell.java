package dev.holdfast.torture;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Runs programs of the system that a scenario needs. */
final class Shell {
  private Shell() {}

  /** Runs a command to its end. @return whether it exists and ended with 0 */
  static boolean works(List<String> wrapper, String... command) throws InterruptedException {
    List<String> line = new ArrayList<>(wrapper);
    line.addAll(List.of(command));
    try {
      return new ProcessBuilder(line)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor()
          == 0;
    } catch (IOException missing) {
      return false;
    }
  }

  /** Runs a command that must succeed. */
  static void run(String... command) throws InterruptedException {
    if (!works(List.of(), command)) {
      throw new IllegalStateException("failed: " + String.join(" ", command));
    }
  }
}
