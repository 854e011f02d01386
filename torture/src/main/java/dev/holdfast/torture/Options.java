package dev.holdfast.torture;

import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.host.LineFile.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The options of the command.
 *
 * @param plan the plan of the run
 * @param folder the folder for its files; empty for a new one
 */
record Options(Plan plan, Optional<Path> folder) {
  static final String USAGE =
      """
      usage: torture/torture [OPTION VALUE]...
        --jobs N            jobs to enqueue                                  2000
        --kills N           kill -9 of one worker                            0
        --kills-of-all N    kill -9 of all workers at once                   0
        --producer-kills N  kill -9 of the producer                          0
        --pauses N          SIGSTOP of one worker for 1.5 to 5 leases        0
        --terminations N    SIGTERM of one worker                            0
        --db KIND           sqlite or postgres, which the run starts         sqlite
        --pg-version N      its major version                                18
        --pgbouncer YES|NO  whether to connect through PgBouncer             no
        --apart YES|NO      workers as on machines of their own, on postgres yes
        --disconnects N     pg_terminate_backend of one of Holdfast's        0
        --disconnects-of-all N  of all of them at once                       0
        --server-crashes N  SIGQUIT to the postmaster, and a restart         0
        --server-kills N    SIGKILL to the postmaster, and a restart         0
        --row-locks N       another session locks rows, on postgres          0
        --store-locks N     another session holds the write lock, on sqlite  0
        --open-calls N      a caller's enqueue left uncommitted              0
        --freezes N         SIGSTOP within a transaction of a handler's      0
        --full-disks N      the disk under the file is full, on sqlite       0
        --cuts N            one worker's connections break, on postgres      0
        --silences N        one worker's network goes silent, on postgres    0
        --clock-steps N     the wall clock is set, forward and back          0
        --all-nemeses       some of each that the machine allows             no
        --workers N         worker processes                                 2
        --concurrency N     handlers at once in each                         8
        --lease MILLIS      their lease                                      15000
        --grace MILLIS      time for handlers at SIGTERM                     5000
        --handler MILLIS    how long a handler runs on average               20
        --unfinished N      maximum number of unfinished jobs                1000
        --seed N            seed of jobs and blows                           42
        --patience MILLIS   time without a completion that ends the run      20000
        --mutant NAME       a store that is broken on purpose                none
        --sync YES|NO       whether effects logs are synced at each line     no
        --folder PATH       an empty folder to write into                    a new one
      """;

  private static final Map<String, Blow.Kind> BLOWS =
      Map.ofEntries(
          Map.entry("--kills", Blow.Kind.KILL),
          Map.entry("--kills-of-all", Blow.Kind.KILL_ALL),
          Map.entry("--producer-kills", Blow.Kind.KILL_PRODUCER),
          Map.entry("--pauses", Blow.Kind.STOP),
          Map.entry("--terminations", Blow.Kind.TERMINATE),
          Map.entry("--disconnects", Blow.Kind.DISCONNECT),
          Map.entry("--disconnects-of-all", Blow.Kind.DISCONNECT_ALL),
          Map.entry("--server-crashes", Blow.Kind.CRASH_SERVER),
          Map.entry("--server-kills", Blow.Kind.KILL_SERVER),
          Map.entry("--row-locks", Blow.Kind.LOCK_ROWS),
          Map.entry("--store-locks", Blow.Kind.LOCK_STORE),
          Map.entry("--open-calls", Blow.Kind.OPEN_CALL),
          Map.entry("--freezes", Blow.Kind.FREEZE),
          Map.entry("--full-disks", Blow.Kind.FILL_DISK),
          Map.entry("--cuts", Blow.Kind.CUT),
          Map.entry("--silences", Blow.Kind.SILENCE));

  private static final String ALL = "--all-nemeses";
  private static final int JOBS_PER_BLOW = 4_000;
  private static final int BLOWS_MIN = 2;
  private static final int BLOWS_MAX = 20;

  static Options parse(String[] arguments) {
    List<String> words = new ArrayList<>(Arrays.asList(arguments));
    boolean isAll = words.remove(ALL);
    Map<String, String> given = pairs(USAGE, words.toArray(String[]::new));
    Ground ground = ground(given);
    int jobs = number(given, "--jobs", 2_000);
    Map<Blow.Kind, Integer> blows = new EnumMap<>(Blow.Kind.class);
    if (isAll) {
      int each = Math.max(BLOWS_MIN, Math.min(BLOWS_MAX, jobs / JOBS_PER_BLOW));
      blows.putAll(Abilities.every(ground, each));
    }
    BLOWS.forEach(
        (option, kind) -> blows.put(kind, number(given, option, blows.getOrDefault(kind, 0))));
    int steps = number(given, "--clock-steps", blows.getOrDefault(Blow.Kind.CLOCK_BACK, 0));
    blows.put(Blow.Kind.CLOCK_FORWARD, steps);
    blows.put(Blow.Kind.CLOCK_BACK, steps);
    check(ground, blows);
    Plan plan =
        new Plan(
            number(given, "--seed", 42),
            jobs,
            number(given, "--unfinished", 1_000),
            number(given, "--handler", 20),
            number(given, "--workers", 2),
            number(given, "--concurrency", 8),
            Duration.ofMillis(number(given, "--lease", 15_000)),
            Duration.ofMillis(number(given, "--grace", 5_000)),
            blows,
            Duration.ofMillis(number(given, "--patience", 20_000)),
            given.getOrDefault("--mutant", ""),
            isYes(given, "--sync", "no") ? Durability.POWER_CUT : Durability.KILL,
            ground);
    return new Options(plan, Optional.ofNullable(given.get("--folder")).map(Path::of));
  }

  /** Parses the given options, all of which the usage must list. */
  static Map<String, String> pairs(String usage, String[] arguments) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      boolean isOption = usage.contains("  " + arguments[i] + " ");
      if (!isOption || i + 1 == arguments.length) {
        throw new IllegalArgumentException(
            isOption
                ? "option %s requires a value".formatted(arguments[i])
                : "unknown option '%s'".formatted(arguments[i]));
      }
      given.put(arguments[i], arguments[i + 1]);
    }
    return given;
  }

  private static void check(Ground ground, Map<Blow.Kind, Integer> blows) {
    for (Blow.Kind kind : Blow.Kind.OF_SERVERS) {
      if (ground.isSqlite() && blows.getOrDefault(kind, 0) > 0) {
        throw new IllegalArgumentException("blows to a server require --db postgres");
      }
    }
    for (Blow.Kind kind : Blow.Kind.OF_FILES) {
      if (!ground.isSqlite() && blows.getOrDefault(kind, 0) > 0) {
        throw new IllegalArgumentException("blows to a file require --db sqlite");
      }
    }
  }

  static Ground ground(Map<String, String> given) {
    String kind = given.getOrDefault("--db", "sqlite");
    return switch (kind) {
      case "sqlite" -> new Ground(0, isYes(given, "--pgbouncer", "no"), false);
      case "postgres" ->
          new Ground(
              number(given, "--pg-version", 18),
              isYes(given, "--pgbouncer", "no"),
              isYes(given, "--apart", "yes"));
      default ->
          throw new IllegalArgumentException(
              "--db must be sqlite or postgres, was '%s'".formatted(kind));
    };
  }

  static boolean isYes(Map<String, String> given, String option, String fallback) {
    return given.getOrDefault(option, fallback).equalsIgnoreCase("yes");
  }

  static int number(Map<String, String> given, String option, int fallback) {
    String text = given.getOrDefault(option, Integer.toString(fallback));
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException malformed) {
      throw new IllegalArgumentException(
          "%s must be a whole number, was '%s'".formatted(option, text), malformed);
    }
  }
}
