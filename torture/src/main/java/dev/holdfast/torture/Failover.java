package dev.holdfast.torture;

import dev.holdfast.testkit.postgres.PatroniCluster;
import dev.holdfast.torture.checker.Promise;
import dev.holdfast.torture.checker.Verdict;
import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.evidence.RunFolder;
import dev.holdfast.torture.host.LineFile;
import dev.holdfast.torture.server.PairedServers;
import dev.holdfast.torture.server.PatroniServers;
import dev.holdfast.torture.server.StandbyServers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Kills the primary under load, promotes its standby and adds a new one, again and again. With a
 * synchronous standby no promise may be broken. An asynchronous one loses acknowledgements, as that
 * mode permits: they are counted, and nothing may be stuck.
 */
public final class Failover {
  private static final String USAGE =
      """
      usage: torture/torture failover [--times N] [--seed N] [--asynchronous] [--pg-version N]
             torture/torture failover --patroni [--times N] [--seed N]
        --times N           kills of the primary                             20
        --seed N            seed of the jobs                                 42
        --asynchronous      the standby hears nothing for 0.5 s before each  no
        --pg-version N      the servers' major version                       18
        --patroni           Patroni promotes, not the run; PostgreSQL 15     no
      """;
  private static final int JOBS_PER_KILL = 400;
  private static final int UNFINISHED_MAX = 200; // keeps acknowledgements coming
  private static final Pattern REPORT =
      Pattern.compile("(?i)^.*(INFO|WARN|ERROR).*(failed over|acknowledged are gone)");
  private static final int EXAMPLES_MAX = 5;

  /**
   * The patience with Patroni, which considers a machine dead after 20 s, before the other one
   * joins again.
   */
  private static final Duration PATIENCE_WITH_PATRONI = Duration.ofMinutes(3);

  private Failover() {}

  /** Exits with 0 if no promise was broken, 2 for wrong usage. */
  public static void main(String[] arguments) throws IOException {
    List<String> given = Arrays.asList(arguments);
    try {
      boolean isPatroni = given.contains("--patroni");
      int major = isPatroni ? PatroniCluster.MAJOR : number(given, "--pg-version", 18);
      Plan plan = plan(number(given, "--times", 20), major).seed(number(given, "--seed", 42));
      Path folder = Files.createTempDirectory("holdfast-failover-");
      System.err.println("folder " + folder);
      boolean isGood =
          isPatroni
              ? runPatroni(folder, plan)
              : run(folder, plan, !given.contains("--asynchronous"));
      System.exit(isGood ? 0 : 1);
    } catch (IllegalArgumentException wrong) {
      System.err.println("torture: " + wrong.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    }
  }

  private static int number(List<String> given, String option, int fallback) {
    int at = given.indexOf(option);
    return at < 0 || at + 1 == given.size() ? fallback : Integer.parseInt(given.get(at + 1));
  }

  static Plan plan(int times, int major) {
    return Plan.small()
        .ground(Ground.postgres(major))
        .jobs(times * JOBS_PER_KILL)
        .unfinished(UNFINISHED_MAX)
        .patience(Duration.ofMinutes(1))
        .blows(Blow.Kind.KILL_SERVER, times);
  }

  static boolean run(Path folder, Plan plan, boolean isSynchronous) {
    return run(
        folder, plan, PairedServers.start(plan.ground().postgres(), isSynchronous), isSynchronous);
  }

  private static boolean runPatroni(Path folder, Plan plan) {
    if (!PatroniCluster.isInstalled()) {
      throw new IllegalArgumentException(
          "--patroni needs Debian's packages patroni, etcd-server and postgresql-15");
    }
    return run(folder, plan.patience(PATIENCE_WITH_PATRONI), new PatroniServers(), true);
  }

  private static boolean run(
      Path folder, Plan plan, StandbyServers servers, boolean isSynchronous) {
    try (Stage stage = Stage.on(servers, folder, plan)) {
      Verdict verdict = Run.on(stage, plan);
      Report report = new Report(plan, verdict);
      System.out.print(report.table());
      System.out.printf(
          "longest time from a kill to a primary with a standby: %.1f s%n",
          servers.longestOutage().toMillis() / 1e3);
      boolean isSaid = tellOwnReports(folder);
      System.out.println(report.json());
      boolean isUnnoticed = !verdict.breaches(Promise.LOST).isEmpty() && !isSaid;
      return isSynchronous
          ? report.isGood()
          : verdict.breaches(Promise.STUCK).isEmpty() && !isUnnoticed;
    }
  }

  /** Prints Holdfast's own log lines about failovers. @return whether they report lost jobs */
  private static boolean tellOwnReports(Path folder) {
    List<String> lines =
        RunFolder.files(folder, ".err").stream()
            .flatMap(file -> LineFile.read(file).stream())
            .filter(line -> REPORT.matcher(line).find())
            .toList();
    System.out.printf("lines about it in the logs of workers and producers: %d%n", lines.size());
    lines.stream().limit(EXAMPLES_MAX).forEach(line -> System.out.println("  " + line));
    return lines.stream().anyMatch(line -> line.contains("acknowledged are gone"));
  }
}
