package dev.holdfast.torture;

import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import dev.holdfast.torture.checker.Crowd;
import dev.holdfast.torture.checker.Verdict;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Checks that a queue never runs more jobs at once than its limit, no matter which processes die.
 * The other queue of the run has no limit.
 */
public final class Limits {
  private static final String USAGE =
      """
      usage: torture/torture limits [--limit N] [OPTION VALUE]...
        --limit N           jobs of the default queue at once                1
      """;

  private Limits() {}

  /** Exits with 0 if no promise was broken, 2 for wrong usage. */
  public static void main(String[] arguments) throws IOException {
    try {
      List<String> given = new ArrayList<>(Arrays.asList(arguments));
      int limit = takeLimit(given);
      Options options = Options.parse(given.toArray(String[]::new));
      Path folder = options.folder().orElse(Files.createTempDirectory("holdfast-limits-"));
      System.err.println("folder " + folder);
      System.exit(run(folder, options.plan(), limit) ? 0 : 1);
    } catch (IllegalArgumentException wrong) {
      System.err.println("torture: " + wrong.getMessage());
      System.err.print(USAGE + Options.USAGE);
      System.exit(2);
    }
  }

  private static int takeLimit(List<String> given) {
    int at = given.indexOf("--limit");
    if (at < 0 || at + 1 == given.size()) {
      return 1;
    }
    given.remove(at);
    return Integer.parseInt(given.remove(at));
  }

  static boolean run(Path folder, Plan plan, int limit) {
    try (Stage stage = Stage.of(folder, plan)) {
      try (Holdfast holdfast = Holdfast.open(stage.address())) {
        holdfast
            .queue()
            .queues()
            .configure(NewJob.DEFAULT_QUEUE, settings -> settings.concurrency(limit));
      }
      Verdict verdict = Run.on(stage, plan);
      Crowd crowd = verdict.crowd(NewJob.DEFAULT_QUEUE);
      Report report = new Report(plan, verdict);
      System.out.print(report.table());
      System.out.printf(
          "limit %d: at most %d at once, some running for %.1f %% of the time%n",
          limit, crowd.most(), crowd.busyPercent());
      System.out.println(report.json());
      return report.isGood() && crowd.most() <= limit;
    }
  }
}
