package dev.holdfast.benchmarks.limits;

import dev.holdfast.Holdfast;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import dev.holdfast.benchmarks.load.Arguments;
import dev.holdfast.benchmarks.load.Counted;
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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Compares the rate of a worker on a queue with a concurrency limit to that on one without, with
 * the same number of slots, in turns, on each store. The ratios are what counts.
 *
 * <p>{@code --db} (sqlite,postgres), {@code --limit} (10) is the limit and the number of slots,
 * {@code --millis} (0,1,10) the run times of handlers, {@code --jobs} (50000) a drain, divided by
 * the milliseconds of its handlers, {@code --rounds} (5), {@code --seed} (1) the order of turns.
 */
public final class LimitCost {
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("db", Ground.KINDS);
    DEFAULTS.put("limit", "10");
    DEFAULTS.put("millis", "0,1,10");
    DEFAULTS.put("jobs", "50000");
    DEFAULTS.put("rounds", "5");
    DEFAULTS.put("seed", "1");
  }

  private final Ground ground;
  private final Arguments arguments;
  private final SplittableRandom random;
  private final int limit;
  private int most; // that ran at once under the limit

  private LimitCost(Ground ground, Arguments arguments) {
    this.ground = ground;
    this.arguments = arguments;
    this.random = new SplittableRandom(arguments.number("seed"));
    this.limit = arguments.number("limit");
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.ofMain(DEFAULTS, args);
    System.out.printf("%s%nJDK %s%n%s%n", Machine.describe(), Runtime.version(), arguments);
    for (String kind : arguments.list("db")) {
      try (Ground ground = Ground.of(kind)) {
        new LimitCost(ground, arguments).run();
      }
    }
  }

  private void run() throws Exception {
    System.out.printf("%n### %s%n", ground.describe());
    System.out.printf("| jobs a second | no limit | limit %d | ratio | goal |%n", limit);
    System.out.println("| --- | --- | --- | --- | --- |");
    for (String millis : arguments.list("millis")) {
      run(Integer.parseInt(millis));
    }
    System.out.printf("at most %d at once under the limit%n", most);
  }

  private void run(int millis) throws Exception {
    int jobs = Math.max(100, arguments.number("jobs") / Math.max(1, millis));
    List<Double> unlimited = new ArrayList<>();
    List<Double> limited = new ArrayList<>();
    for (int round = -1; round < arguments.number("rounds"); round++) {
      boolean isLimitedFirst = random.nextBoolean();
      for (boolean isLimited : List.of(isLimitedFirst, !isLimitedFirst)) {
        double rate = drain(isLimited, jobs, millis);
        if (round >= 0) {
          (isLimited ? limited : unlimited).add(rate);
        }
      }
    }
    System.out.printf(
        Locale.ROOT,
        "| %,d of %d ms | %s | %s | %.2f | 0.80 |%n",
        jobs,
        millis,
        Figures.range("%,.0f", array(unlimited)),
        Figures.range("%,.0f", array(limited)),
        Figures.median(array(limited)) / Figures.median(array(unlimited)));
  }

  private double drain(boolean isLimited, int jobs, int millis) throws Exception {
    try (Holdfast holdfast = Holdfast.open(ground.fresh("limits"))) {
      if (isLimited) {
        holdfast.queue().queues().configure(NewJob.DEFAULT_QUEUE, was -> was.concurrency(limit));
      }
      HoldfastLoad.load(holdfast, jobs);
      AtomicInteger inside = new AtomicInteger();
      AtomicInteger mostInside = new AtomicInteger();
      CountDownLatch done =
          HoldfastLoad.countDown(
              holdfast,
              jobs,
              (payload, job) -> {
                mostInside.accumulateAndGet(inside.incrementAndGet(), Math::max);
                if (millis > 0) {
                  Thread.sleep(millis);
                }
                inside.decrementAndGet();
                return null;
              });
      long start = System.nanoTime();
      holdfast.start(NodeConfig.defaults().concurrency(limit));
      done.await();
      long nanos = System.nanoTime() - start;
      most = isLimited ? Math.max(most, mostInside.get()) : most;
      return Counted.rate(jobs, nanos, HoldfastLoad.count(holdfast, JobState.COMPLETED));
    }
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
