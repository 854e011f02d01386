package dev.holdfast.torture;

import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.host.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The command that tries all mutants: torture that would not notice them would prove nothing. */
public final class Mutants {
  private Mutants() {}

  /** Ends with 0 if all were caught. */
  public static void main(String[] arguments) throws IOException {
    Path folder = Files.createTempDirectory("holdfast-mutants-");
    boolean allCaught = true;
    for (Trial trial : Trial.all()) {
      Moment start = Moment.now();
      Verdict verdict = trial.run(folder);
      int breaches = verdict.breaches(trial.promise()).size();
      allCaught &= breaches > 0;
      System.out.printf(
          "%-20s %-14s %4d  %5.1f s  %s%n",
          trial.mutant().label(),
          trial.promise().label(),
          breaches,
          Moment.now().nanosSince(start) / 1e9,
          breaches > 0 ? "caught" : "NOT CAUGHT, see " + folder);
    }
    System.exit(allCaught ? 0 : 1);
  }
}
