package dev.holdfast.benchmarks.crowd;

import dev.holdfast.Holdfast;
import dev.holdfast.benchmarks.load.Arguments;
import dev.holdfast.benchmarks.load.Exchanges;
import dev.holdfast.benchmarks.load.Figures;
import dev.holdfast.benchmarks.load.Ground;
import dev.holdfast.benchmarks.load.HoldfastLoad;
import dev.holdfast.benchmarks.load.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Measures claims and drains in an empty queue and in one with millions of jobs that nobody can
 * run, in turns, on each store. The ratios are what counts.
 *
 * <p>{@code --db} (sqlite,postgres), {@code --scheduled} (1000000), {@code --blocked} and {@code
 * --unmatched} (500000 each) set the waiting jobs, {@code --rounds} (5), {@code --claims} a round
 * (2000) of so many {@code --jobs} (10), {@code --drained} (100000) and {@code --slots} (8) the
 * measured work, {@code --seed} (1) the times of scheduled jobs and the order of turns.
 */
public final class Crowd {
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("db", Ground.KINDS);
    DEFAULTS.put("scheduled", "1000000");
    DEFAULTS.put("blocked", "500000");
    DEFAULTS.put("unmatched", "500000");
    DEFAULTS.put("rounds", "5");
    DEFAULTS.put("claims", "2000");
    DEFAULTS.put("jobs", "10");
    DEFAULTS.put("drained", "100000");
    DEFAULTS.put("slots", "8");
    DEFAULTS.put("seed", "1");
  }

  private final Ground ground;
  private final Arguments arguments;
  private final SplittableRandom random;

  /** One of the two queues, with its measurements, one for each round. */
  private record Side(
      String address, Waiting waiting, List<Double> p50s, List<Double> p99s, List<Double> rates) {
    private Side(String address, Waiting waiting) {
      this(address, waiting, new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    }
  }

  private Crowd(Ground ground, Arguments arguments) {
    this.ground = ground;
    this.arguments = arguments;
    this.random = new SplittableRandom(arguments.number("seed"));
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.ofMain(DEFAULTS, args);
    System.out.printf("%s%nJDK %s%n%s%n", Machine.describe(), Runtime.version(), arguments);
    for (String kind : arguments.list("db")) {
      try (Ground ground = Ground.of(kind)) {
        new Crowd(ground, arguments).run();
      }
    }
  }

  private void run() throws Exception {
    System.out.printf("%n### %s%n", ground.describe());
    Side alone = loaded("alone", new Waiting(0, 0, 0));
    Side crowded =
        loaded(
            "crowd",
            new Waiting(
                arguments.number("scheduled"),
                arguments.number("blocked"),
                arguments.number("unmatched")));
    for (int round = -1; round < arguments.number("rounds"); round++) {
      boolean isAloneFirst = random.nextBoolean();
      measure(isAloneFirst ? alone : crowded, round >= 0);
      measure(isAloneFirst ? crowded : alone, round >= 0);
    }
    check(alone);
    check(crowded);
    print(alone, crowded);
  }

  private Side loaded(String name, Waiting waiting) throws Exception {
    String address = ground.fresh(name);
    long start = System.nanoTime();
    try (Holdfast holdfast = Holdfast.open(address)) {
      waiting.load(holdfast, random);
    }
    ground.settle(address);
    System.out.printf(
        Locale.ROOT, "%s: loaded in %.0f s%n", name, (System.nanoTime() - start) / 1e9);
    return new Side(address, waiting);
  }

  private static void check(Side side) {
    try (Holdfast holdfast = Holdfast.open(side.address)) {
      side.waiting.check(holdfast);
    }
  }

  private void measure(Side side, boolean counts) throws Exception {
    double[] millis =
        Exchanges.claims(side.address, arguments.number("claims"), arguments.number("jobs"));
    double rate =
        HoldfastLoad.drain(side.address, arguments.number("drained"), arguments.number("slots"));
    if (counts) {
      side.p50s.add(Figures.percentile(millis, 0.5));
      side.p99s.add(Figures.percentile(millis, 0.99));
      side.rates.add(rate);
    }
  }

  private static void print(Side alone, Side crowded) {
    System.out.println("| | alone | with the crowd | ratio | goal |");
    System.out.println("| --- | --- | --- | --- | --- |");
    print("claim p50, ms", "%.2f", alone.p50s, crowded.p50s, "");
    print("claim p99, ms", "%.2f", alone.p99s, crowded.p99s, "below 1.20");
    print("drain, jobs a second", "%,.0f", alone.rates, crowded.rates, "");
  }

  private static void print(
      String what, String format, List<Double> alone, List<Double> crowded, String goal) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %.2f | %s |%n",
        what,
        Figures.range(format, array(alone)),
        Figures.range(format, array(crowded)),
        Figures.median(array(crowded)) / Figures.median(array(alone)),
        goal);
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
