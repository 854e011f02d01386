package dev.holdfast.torture;

import dev.holdfast.torture.checker.Promise;
import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.host.Moment;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The command that tries all mutants: a torture that did not notice them would prove nothing. */
public final class Mutants {
  private Mutants() {}

  /** Exits with 0 if all were caught, 2 for wrong usage. */
  public static void main(String[] arguments) throws IOException {
    Options options;
    try {
      options = Options.parse(arguments);
    } catch (IllegalArgumentException wrong) {
      System.err.println("usage: torture/torture mutants [--db postgres [--pg-version N]]");
      System.exit(2);
      return;
    }
    Path folder = Files.createTempDirectory("holdfast-mutants-");
    boolean allCaught = true;
    Ground ground = options.plan().ground();
    for (Trial trial : Trial.all(ground)) {
      Moment start = Moment.now();
      Verdict verdict = trial.run(folder);
      allCaught &= tell(trial.mutant().label(), trial.promise(), verdict, start, folder);
    }
    if (!ground.isSqlite()) {
      Moment start = Moment.now();
      Verdict verdict = UnsyncedCommits.run(folder, ground);
      allCaught &= tell("synchronous_commit=off", Promise.LOST, verdict, start, folder);
    }
    System.exit(allCaught ? 0 : 1);
  }

  private static boolean tell(
      String mutant, Promise promise, Verdict verdict, Moment start, Path folder) {
    int breaches = verdict.breaches(promise).size();
    System.out.printf(
        "%-22s %-14s %4d  %5.1f s  %s%n",
        mutant,
        promise.label(),
        breaches,
        Moment.now().nanosSince(start) / 1e9,
        breaches > 0 ? "caught" : "NOT CAUGHT, see " + folder);
    return breaches > 0;
  }
}
