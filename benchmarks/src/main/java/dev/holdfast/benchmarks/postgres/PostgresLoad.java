package dev.holdfast.benchmarks.postgres;

import dev.holdfast.benchmarks.load.Contender;
import dev.holdfast.benchmarks.load.Contender.Place;
import dev.holdfast.benchmarks.load.Databases;
import dev.holdfast.benchmarks.load.Machine;
import dev.holdfast.benchmarks.postgres.peers.DbScheduler;
import dev.holdfast.benchmarks.postgres.peers.GraphileWorker;
import dev.holdfast.benchmarks.postgres.peers.JobRunrQueue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Compares Holdfast on a separate PostgreSQL server with the bare engine over the same table and
 * with other queues, in turns. It prints the ratios of medians as Markdown tables.
 *
 * <p>{@code --only} selects scenarios: {@code drain}, {@code bulk}, {@code callers}, {@code idle}
 * (the default), {@code pinned}, {@code growth}, {@code scale-out}. {@code --rounds} (3), {@code
 * --jobs} (200000), {@code --seconds} (the scenario's own), {@code --samples} (200 a round), {@code
 * --slots} (8 handlers at once), {@code --finished} (10000000) and {@code --pending} (1000000) set
 * their size, {@code --without} omits contenders by name, {@code --graphile} names the folder of an
 * installed {@code benchmarks/peers/graphile}, {@code --seed} (1) sets the order of turns.
 */
public final class PostgresLoad {
  private static final List<String> SCENARIOS =
      List.of("drain", "bulk", "callers", "idle", "pinned", "growth", "scale-out");
  private static final int CALLERS = 64;
  private static final Duration CALL_TIME = Duration.ofSeconds(5);
  private static final int BATCH = 1_000;

  private final Databases databases;
  private final Options options;
  private final List<Contender> contenders;
  private final SideBySide sideBySide;

  private PostgresLoad(Databases databases, Options options) {
    this.databases = databases;
    this.options = options;
    this.contenders = contenders(options);
    this.sideBySide = new SideBySide(databases, contenders, options);
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws Exception {
    Options options = options(args);
    Thread.currentThread().setUncaughtExceptionHandler(PostgresLoad::fail);
    try (Databases databases = Databases.start()) {
      new PostgresLoad(databases, options).run();
    }
    System.exit(0); // threads of a peer may be left
  }

  private static void fail(Thread thread, Throwable failure) {
    failure.printStackTrace();
    System.exit(1);
  }

  private static Options options(String[] args) {
    try {
      Options options = Options.of(args);
      contenders(options);
      for (String scenario : options.scenarios()) {
        if (!SCENARIOS.contains(scenario)) {
          throw new IllegalArgumentException(
              "unknown scenario %s; valid ones are %s"
                  .formatted(scenario, String.join(", ", SCENARIOS)));
        }
      }
      return options;
    } catch (IllegalArgumentException wrong) {
      System.err.println(wrong.getMessage());
      System.exit(2);
      throw wrong;
    }
  }

  private static List<Contender> contenders(Options options) {
    List<Contender> all = new ArrayList<>();
    all.add(new Raw());
    all.add(new HoldfastQueue(options.slots()));
    options.graphile().map(GraphileWorker::new).ifPresent(all::add);
    all.add(new DbScheduler());
    all.add(new JobRunrQueue());
    all.removeIf(contender -> options.without().contains(contender.name()));
    return all;
  }

  private void run() throws Exception {
    System.out.printf(
        "%s%nJDK %s, %s%n%s%n",
        Machine.describe(), Runtime.version(), databases.settings(), options);
    for (String scenario : options.scenarios()) {
      run(scenario);
    }
    System.out.println();
    contenders.forEach(contender -> System.out.println("- " + contender.settings()));
  }

  private void run(String scenario) throws Exception {
    switch (scenario) {
      case "drain" -> drain();
      case "bulk" -> bulk();
      case "callers" -> callers();
      case "idle" -> idle();
      case "pinned" -> new PinnedXmin(databases, options).run();
      case "growth" -> new Growth(databases, options).run();
      case "scale-out" -> new ScaleOut(databases, options).run();
      default -> throw new IllegalStateException(scenario + " is not run: a bug");
    }
  }

  private void drain() throws Exception {
    sideBySide.rates(
        "Drain, %,d jobs".formatted(options.jobs()),
        (contender, address, part) -> contender.drain(address, jobs(contender, part)));
  }

  private void bulk() throws Exception {
    sideBySide.rates(
        "Enqueue, 1,000 a call, %,d jobs".formatted(options.jobs()),
        (contender, address, part) -> contender.bulk(address, jobs(contender, part)));
  }

  private void callers() throws Exception {
    Duration time = options.time(CALL_TIME);
    sideBySide.rates(
        "Enqueue, %d callers, %d s".formatted(CALLERS, time.toSeconds()),
        (contender, address, part) -> contender.enqueue(address, CALLERS, time.dividedBy(part)));
  }

  private void idle() throws Exception {
    sideBySide.latencies("Idle, same process", options.samples(), Place.SAME_PROCESS);
    sideBySide.latencies("Idle, another process", options.samples(), Place.OTHER_PROCESS);
  }

  /** Returns a number of jobs in whole thousands, at least one. */
  private int jobs(Contender contender, int part) {
    long thousands = Math.round(options.jobs() * contender.share() / part / BATCH);
    return Math.toIntExact(Math.max(1, thousands) * BATCH);
  }
}
