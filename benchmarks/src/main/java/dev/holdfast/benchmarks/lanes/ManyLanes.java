package dev.holdfast.benchmarks.lanes;

import dev.holdfast.ClaimOrder;
import dev.holdfast.Holdfast;
import dev.holdfast.NewJob;
import dev.holdfast.benchmarks.load.Arguments;
import dev.holdfast.benchmarks.load.BareNode;
import dev.holdfast.benchmarks.load.Figures;
import dev.holdfast.benchmarks.load.Ground;
import dev.holdfast.benchmarks.load.Machine;
import dev.holdfast.spi.Claimed;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;

/**
 * Measures how long a claim takes from a queue whose jobs are in very many lanes, and an enqueue
 * into a FAIR queue with very many groups, each next to one. The ratios are what counts.
 *
 * <p>{@code --db} (sqlite,postgres), {@code --lanes} (200000), {@code --groups} (30000), {@code
 * --claims} (2000) and {@code --enqueues} (2000) are measured, {@code --batch} (10) jobs a claim.
 */
public final class ManyLanes {
  private static final String TYPE = "t";
  private static final int PORTION = 20_000;
  private static final int WARM_UP = 200;
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("db", Ground.KINDS);
    DEFAULTS.put("lanes", "200000");
    DEFAULTS.put("groups", "30000");
    DEFAULTS.put("claims", "2000");
    DEFAULTS.put("enqueues", "2000");
    DEFAULTS.put("batch", "10");
  }

  private final Ground ground;
  private final Arguments arguments;

  private ManyLanes(Ground ground, Arguments arguments) {
    this.ground = ground;
    this.arguments = arguments;
  }

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.ofMain(DEFAULTS, args);
    System.out.printf("%s%nJDK %s%n%s%n", Machine.describe(), Runtime.version(), arguments);
    for (String kind : arguments.list("db")) {
      try (Ground ground = Ground.of(kind)) {
        new ManyLanes(ground, arguments).run();
      }
    }
  }

  private void run() throws Exception {
    System.out.printf("%n### %s%n", ground.describe());
    System.out.println("| milliseconds | one | many | ratio of p99 | goal |");
    System.out.println("| --- | --- | --- | --- | --- |");
    int lanes = arguments.number("lanes");
    print("claim, %,d lanes".formatted(lanes), claims(1, lanes), claims(lanes, lanes));
    print(
        "claim, %,d limited groups".formatted(lanes),
        limitedClaims(1, lanes),
        limitedClaims(lanes, lanes));
    int groups = arguments.number("groups");
    print(
        "FAIR enqueue, %,d groups".formatted(groups),
        enqueues(1, groups),
        enqueues(groups, groups));
  }

  private static void print(String what, double[] one, double[] many) {
    System.out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %.2f | 2.00 |%n",
        what,
        Figures.percentiles(one),
        Figures.percentiles(many),
        Figures.percentile(many, 0.99) / Figures.percentile(one, 0.99));
  }

  /** Claims from as many jobs in so many lanes, each of which is a queue. */
  private double[] claims(int lanes, int jobs) throws Exception {
    String address = ground.fresh("lanes");
    try (Holdfast holdfast = Holdfast.open(address)) {
      fill(holdfast, jobs, i -> NewJob.of(TYPE, i).on("q" + i % lanes));
    }
    return claims(address);
  }

  /** The same, where each is a group that is limited. */
  private double[] limitedClaims(int lanes, int jobs) throws Exception {
    String address = ground.fresh("limited");
    try (Holdfast holdfast = Holdfast.open(address)) {
      holdfast
          .queue()
          .queues()
          .configure(NewJob.DEFAULT_QUEUE, was -> was.concurrencyPerGroup(100));
      fill(holdfast, jobs, i -> NewJob.of(TYPE, i).group("g" + i % lanes));
    }
    return claims(address);
  }

  private double[] claims(String address) {
    int most = arguments.number("batch");
    double[] millis = new double[arguments.number("claims")];
    try (BareNode node = new BareNode(address, List.of(), TYPE)) {
      List<Claimed> held = List.of();
      for (int i = -WARM_UP; i < millis.length; i++) {
        long began = System.nanoTime();
        held = node.exchange(held, most);
        if (i >= 0) {
          millis[i] = (System.nanoTime() - began) / (double) TimeUnit.MILLISECONDS.toNanos(1);
        }
      }
    }
    return Figures.sorted(millis);
  }

  private double[] enqueues(int groups, int jobs) throws Exception {
    double[] millis = new double[arguments.number("enqueues")];
    try (Holdfast holdfast = Holdfast.open(ground.fresh("groups"))) {
      holdfast
          .queue()
          .queues()
          .configure(
              NewJob.DEFAULT_QUEUE, was -> was.order(ClaimOrder.FAIR).concurrencyPerGroup(2));
      fill(holdfast, jobs, i -> NewJob.of(TYPE, i).group("g" + i % groups));
      for (int i = -WARM_UP; i < millis.length; i++) {
        long began = System.nanoTime();
        holdfast.enqueue(NewJob.of(TYPE, i).group("g" + Math.floorMod(i, groups)));
        if (i >= 0) {
          millis[i] = (System.nanoTime() - began) / (double) TimeUnit.MILLISECONDS.toNanos(1);
        }
      }
    }
    return Figures.sorted(millis);
  }

  private static void fill(Holdfast holdfast, int jobs, IntFunction<NewJob> job) {
    for (int from = 0; from < jobs; from += PORTION) {
      List<NewJob> portion =
          new ArrayList<>(
              IntStream.range(from, Math.min(jobs, from + PORTION)).mapToObj(job).toList());
      holdfast.queue().enqueue(portion);
    }
  }
}
