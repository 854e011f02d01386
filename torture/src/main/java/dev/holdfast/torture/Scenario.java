package dev.holdfast.torture;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A special run, which not every machine allows. */
interface Scenario {

  /**
   * Runs in {@code folder} and prints the result.
   *
   * @return whether the promises were kept
   * @throws Skipped if the machine does not allow it; the message names what is missing
   */
  boolean run(Path folder) throws IOException, InterruptedException;

  /** Thrown if the machine does not allow the scenario. */
  final class Skipped extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Skipped(String why) {
      super(why);
    }
  }

  /** Runs a scenario as a command: exits with 0 if it passed or was skipped. */
  static void main(Scenario scenario) throws IOException, InterruptedException {
    try {
      System.exit(scenario.run(Files.createTempDirectory("holdfast-torture-")) ? 0 : 1);
    } catch (Skipped skipped) {
      System.out.println("skipped: " + skipped.getMessage());
    }
  }

  /** Prints a report, and returns whether it is good. */
  static boolean tell(String what, Report report) {
    System.out.println("== " + what);
    System.out.print(report.table());
    System.out.println(report.json());
    return report.isGood();
  }
}
