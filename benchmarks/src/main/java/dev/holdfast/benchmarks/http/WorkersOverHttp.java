package dev.holdfast.benchmarks.http;

import dev.holdfast.Holdfast;
import dev.holdfast.JobState;
import dev.holdfast.benchmarks.load.Acknowledged;
import dev.holdfast.benchmarks.load.Arguments;
import dev.holdfast.benchmarks.load.ChildProcess;
import dev.holdfast.benchmarks.load.Counted;
import dev.holdfast.benchmarks.load.Figures;
import dev.holdfast.benchmarks.load.Ground;
import dev.holdfast.benchmarks.load.HoldfastLoad;
import dev.holdfast.benchmarks.load.Machine;
import dev.holdfast.benchmarks.load.SlotsWorker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Compares the rate of a worker over HTTP with batched claims and acknowledgements to that of a
 * worker in the queue's process, in turns, on each store. Server and workers are new processes each
 * time, and the first quarter of a drain warms them up. The ratio is what counts.
 *
 * <p>{@code --db} (sqlite,postgres), {@code --jobs} (200000) a drain, {@code --batch} (500) jobs in
 * a call, {@code --connections} (2) of the worker over HTTP, {@code --slots} (64) of the other one,
 * {@code --rounds} (5), {@code --seed} (1) the order of turns.
 */
public final class WorkersOverHttp {
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("db", Ground.KINDS);
    DEFAULTS.put("jobs", "200000");
    DEFAULTS.put("batch", "500");
    DEFAULTS.put("connections", "2");
    DEFAULTS.put("slots", "64");
    DEFAULTS.put("rounds", "5");
    DEFAULTS.put("seed", "1");
  }

  private final Ground ground;
  private final Arguments arguments;
  private final int jobs;

  private WorkersOverHttp(Ground ground, Arguments arguments) {
    this.ground = ground;
    this.arguments = arguments;
    this.jobs = arguments.number("jobs");
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.ofMain(DEFAULTS, args);
    System.out.printf("%s%nJDK %s%n%s%n", Machine.describe(), Runtime.version(), arguments);
    for (String kind : arguments.list("db")) {
      try (Ground ground = Ground.of(kind)) {
        new WorkersOverHttp(ground, arguments).run();
      }
    }
  }

  private void run() throws Exception {
    SplittableRandom random = new SplittableRandom(arguments.number("seed"));
    List<Double> inside = new ArrayList<>();
    List<Double> overHttp = new ArrayList<>();
    for (int round = -1; round < arguments.number("rounds"); round++) {
      boolean isHttpFirst = random.nextBoolean();
      for (boolean isHttp : List.of(isHttpFirst, !isHttpFirst)) {
        double rate = drain(ground.fresh("http"), isHttp);
        if (round >= 0) {
          (isHttp ? overHttp : inside).add(rate);
        }
      }
    }
    System.out.printf("%n### %s%n", ground.describe());
    System.out.println("| jobs a second | in process | over HTTP | ratio | goal |");
    System.out.println("| --- | --- | --- | --- | --- |");
    System.out.printf(
        Locale.ROOT,
        "| drain of %,d | %s | %s | %.2f | 0.50 |%n",
        jobs,
        Figures.range("%,.0f", array(inside)),
        Figures.range("%,.0f", array(overHttp)),
        Figures.median(array(overHttp)) / Figures.median(array(inside)));
  }

  private double drain(String address, boolean isHttp) throws Exception {
    try (Holdfast holdfast = Holdfast.open(address)) {
      HoldfastLoad.load(holdfast, jobs);
    }
    double rate = isHttp ? overHttp(address) : inside(address);
    try (Holdfast holdfast = Holdfast.open(address)) {
      Counted.check(jobs, HoldfastLoad.count(holdfast, JobState.COMPLETED));
    }
    return rate;
  }

  private double inside(String address) throws Exception {
    try (ChildProcess worker =
        ChildProcess.java(SlotsWorker.class, address, arguments.text("slots"), "0")) {
      worker.await("ready");
      return Acknowledged.rate(List.of(worker), jobs);
    }
  }

  private double overHttp(String address) throws Exception {
    try (ChildProcess server = ChildProcess.java(ServedQueue.class, address);
        ChildProcess worker =
            ChildProcess.java(
                HttpWorker.class,
                server.line(),
                String.valueOf(jobs),
                arguments.text("batch"),
                arguments.text("connections"))) {
      worker.await("ready");
      return Acknowledged.rate(List.of(worker), jobs);
    }
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
