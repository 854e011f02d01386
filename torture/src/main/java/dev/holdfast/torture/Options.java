package dev.holdfast.torture;

import dev.holdfast.torture.evidence.Blow;
import dev.holdfast.torture.host.LineFile.Durability;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The options of the command.
 *
 * @param plan what is run
 * @param folder where it writes; empty for a new one
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
        --pgbouncer YES|NO  whether PgBouncer is before it                   no
        --apart YES|NO      workers as on machines of their own, on postgres yes
        --disconnects N     pg_terminate_backend of one of Holdfast's        0
        --disconnects-of-all N  of all of them at once                       0
        --server-crashes N  SIGQUIT to the postmaster, and a restart         0
        --server-kills N    SIGKILL to the postmaster, and a restart         0
        --workers N         worker processes                                 2
        --concurrency N     handlers at once in each                         8
        --lease MILLIS      their lease                                      15000
        --grace MILLIS      time for handlers at SIGTERM                     5000
        --handler MILLIS    how long a handler runs on average               20
        --unfinished N      jobs that may be unfinished at once              1000
        --seed N            what jobs and blows are drawn from               42
        --patience MILLIS   time without a completion that ends the run      20000
        --mutant NAME       a store that is broken on purpose                none
        --sync YES|NO       whether effects logs are synced at each line     no
        --folder PATH       an empty folder to write into                    a new one
      """;

  static Options parse(String[] arguments) {
    Map<String, String> given = pairs(USAGE, arguments);
    Map<Blow.Kind, Integer> blows = new EnumMap<>(Blow.Kind.class);
    blows.put(Blow.Kind.KILL, number(given, "--kills", 0));
    blows.put(Blow.Kind.KILL_ALL, number(given, "--kills-of-all", 0));
    blows.put(Blow.Kind.KILL_PRODUCER, number(given, "--producer-kills", 0));
    blows.put(Blow.Kind.STOP, number(given, "--pauses", 0));
    blows.put(Blow.Kind.TERMINATE, number(given, "--terminations", 0));
    blows.put(Blow.Kind.DISCONNECT, number(given, "--disconnects", 0));
    blows.put(Blow.Kind.DISCONNECT_ALL, number(given, "--disconnects-of-all", 0));
    blows.put(Blow.Kind.CRASH_SERVER, number(given, "--server-crashes", 0));
    blows.put(Blow.Kind.KILL_SERVER, number(given, "--server-kills", 0));
    Ground ground = ground(given);
    check(ground, blows);
    Plan plan =
        new Plan(
            number(given, "--seed", 42),
            number(given, "--jobs", 2_000),
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

  /** The options that are given, all of which the usage must show. */
  static Map<String, String> pairs(String usage, String[] arguments) {
    Map<String, String> given = new HashMap<>();
    for (int i = 0; i < arguments.length; i += 2) {
      boolean isOption = usage.contains("  " + arguments[i] + " ");
      if (!isOption || i + 1 == arguments.length) {
        throw new IllegalArgumentException(
            isOption
                ? "option %s takes a value".formatted(arguments[i])
                : "option '%s' is unknown".formatted(arguments[i]));
      }
      given.put(arguments[i], arguments[i + 1]);
    }
    return given;
  }

  private static void check(Ground ground, Map<Blow.Kind, Integer> blows) {
    for (Blow.Kind kind : Blow.Kind.OF_SERVERS) {
      if (ground.isSqlite() && blows.getOrDefault(kind, 0) > 0) {
        throw new IllegalArgumentException("blows to a server take one: --db postgres");
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
              "--db takes sqlite or postgres, was '%s'".formatted(kind));
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
          "%s takes a whole number, was '%s'".formatted(option, text), malformed);
    }
  }
}
