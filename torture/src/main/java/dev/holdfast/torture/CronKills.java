package dev.holdfast.torture;

import static java.util.Objects.requireNonNull;

import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import dev.holdfast.Schedule;
import dev.holdfast.ScheduleStatus;
import dev.holdfast.timetable.MissedFires;
import dev.holdfast.torture.actors.WorkerProgram;
import dev.holdfast.torture.checker.Slots;
import dev.holdfast.torture.evidence.Behaviour;
import dev.holdfast.torture.evidence.Work;
import dev.holdfast.torture.host.LineFile.Durability;
import dev.holdfast.torture.host.Moment;
import dev.holdfast.torture.host.Rest;
import dev.holdfast.torture.server.LoneServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * Runs schedules that are due every second on four workers that are killed at random, and now and
 * then all at once: each fire time must fire once, and none may be missed contrary to its policy.
 */
public final class CronKills implements Scenario {
  private static final String USAGE =
      """
      usage: torture/torture cron [OPTION VALUE]...
        --seconds N         duration; about one kill a second                300
        --workers N         worker processes                                 4
        --db KIND           sqlite or postgres, which the run starts         sqlite
        --pg-version N      its major version                                18
        --server-kills YES|NO  kill -9 of the postmaster as well             no
        --seed N            seed of the blows                                42
      """;

  private static final int ALL_OF = 8; // one in this many blows hits all workers
  private static final int SERVER_OF = 20; // one in this many hits the server, if any
  private static final Duration LEASE = Duration.ofSeconds(5);
  private static final Duration AFTER = Duration.ofSeconds(1);
  private static final Work SHORT = new Work(20, 1, 0, false);
  private static final long END_SECONDS_MAX = 30;

  private final long seed;
  private final Random random;
  private final Duration time;
  private final int workers;
  private final int postgres;
  private final boolean isServerKilled;
  private int kills;
  private int killsOfAll;
  private int serverKills;

  /**
   * @param time the duration
   * @param workers the number of processes
   * @param postgres the version of the server; 0 for a file of SQLite
   * @param isServerKilled whether the server is killed, too
   */
  CronKills(long seed, Duration time, int workers, int postgres, boolean isServerKilled) {
    this.seed = seed;
    this.random = new Random(seed);
    this.time = time;
    this.workers = workers;
    this.postgres = postgres;
    this.isServerKilled = isServerKilled;
  }

  /** Runs the command; exits with 2 for wrong usage. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    try {
      Scenario.main(parse(arguments));
    } catch (IllegalArgumentException wrong) {
      System.err.println("torture: " + wrong.getMessage());
      System.err.print(USAGE);
      System.exit(2);
    }
  }

  private static CronKills parse(String[] arguments) {
    Map<String, String> given = Options.pairs(USAGE, arguments);
    Ground ground = Options.ground(given);
    boolean isServerKilled = Options.isYes(given, "--server-kills", "no");
    if (isServerKilled && ground.isSqlite()) {
      throw new IllegalArgumentException("blows to a server require --db postgres");
    }
    return new CronKills(
        Options.number(given, "--seed", 42),
        Duration.ofSeconds(Options.number(given, "--seconds", 300)),
        Options.number(given, "--workers", 4),
        ground.postgres(),
        isServerKilled);
  }

  @Override
  public boolean run(Path folder) {
    if (postgres == 0) {
      return run(folder, folder.resolve("jobs.db").toString(), () -> {});
    }
    try (LoneServer server = LoneServer.start(postgres, false, Map.of())) {
      return run(folder, server.address(), server::kill);
    }
  }

  private boolean run(Path folder, String address, Runnable serverKill) {
    try (Holdfast holdfast = Holdfast.open(address)) {
      List<Schedule> schedules = schedules();
      Map<String, Instant> firsts = new LinkedHashMap<>();
      for (Schedule schedule : schedules) {
        holdfast.schedule(schedule);
        firsts.put(schedule.name(), next(holdfast, schedule));
      }
      WorkerProgram.Settings settings =
          new WorkerProgram.Settings(
              address, folder, workers, LEASE, Duration.ofSeconds(5), Durability.KILL);
      List<Post> posts =
          IntStream.rangeClosed(1, workers)
              .mapToObj(post -> new Post("worker-" + post, settings, List.of()))
              .toList();
      try {
        strike(posts, serverKill);
        awaitSlots(holdfast, schedules, posts);
      } finally {
        posts.forEach(post -> post.child().terminate());
        posts.forEach(post -> post.child().end(END_SECONDS_MAX));
      }
      return tell(holdfast, schedules, firsts);
    }
  }

  private static List<Schedule> schedules() {
    NewJob job = NewJob.of(Behaviour.COMPLETE.type(), SHORT);
    MissedFires all = MissedFires.catchUp(1_000).after(AFTER);
    return List.of(
        Schedule.cron("by the calendar", "* * * * * *", "Europe/Berlin", job).missed(all),
        Schedule.every("by interval", Duration.ofSeconds(1), job).missed(all),
        Schedule.every("once", Duration.ofSeconds(1), job).missed(MissedFires.once().after(AFTER)));
  }

  private static Instant next(Holdfast holdfast, Schedule schedule) {
    return holdfast
        .queue()
        .schedules()
        .find(schedule.name())
        .flatMap(ScheduleStatus::nextSlot)
        .orElseThrow();
  }

  private void strike(List<Post> posts, Runnable serverKill) {
    Moment start = Moment.now();
    for (int blow = 1; Moment.now().nanosSince(start) < time.toNanos(); blow++) {
      Rest.whateverHappens(Duration.ofMillis(200 + random.nextInt(1_500)));
      posts.forEach(Post::restartWhenEnded);
      if (isServerKilled && blow % SERVER_OF == 0) {
        serverKill.run();
        serverKills++;
      } else if (blow % ALL_OF == 0) {
        posts.forEach(post -> post.child().kill());
        killsOfAll++;
        Rest.whateverHappens(Duration.ofMillis(1_000 + random.nextInt(4_000)));
      } else {
        posts.get(random.nextInt(posts.size())).child().kill();
        kills++;
      }
    }
  }

  /** Waits until all missed fire times have been made up for. */
  private static void awaitSlots(Holdfast holdfast, List<Schedule> schedules, List<Post> posts) {
    posts.forEach(Post::restartWhenEnded);
    Instant now =
        holdfast.find(holdfast.queue().schedules().trigger("once")).orElseThrow().createdAt();
    for (Schedule schedule : schedules) {
      while (!next(holdfast, schedule).isAfter(now)) {
        Rest.aLittle();
      }
      holdfast.queue().schedules().pause(schedule.name());
    }
  }

  private boolean tell(Holdfast holdfast, List<Schedule> schedules, Map<String, Instant> firsts) {
    System.out.printf(
        "schedules on %s, %d workers, seed %d: %d kills of a worker, %d of all, %d of the server%n",
        postgres == 0 ? "SQLite" : "PostgreSQL " + postgres,
        workers,
        seed,
        kills,
        killsOfAll,
        serverKills);
    boolean isGood = true;
    for (Schedule schedule : schedules) {
      Slots slots =
          Slots.of(
              holdfast,
              schedule,
              requireNonNull(firsts.get(schedule.name())),
              next(holdfast, schedule));
      System.out.println(slots);
      isGood &= slots.areRight();
    }
    return isGood;
  }
}
