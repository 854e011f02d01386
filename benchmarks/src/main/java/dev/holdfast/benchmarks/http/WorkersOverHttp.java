package dev.holdfast.benchmarks.http;

import dev.holdfast.Holdfast;
import dev.holdfast.JobState;
import dev.holdfast.benchmarks.load.Arguments;
import dev.holdfast.benchmarks.load.ChildProcess;
import dev.holdfast.benchmarks.load.Counted;
import dev.holdfast.benchmarks.load.Figures;
import dev.holdfast.benchmarks.load.Ground;
import dev.holdfast.benchmarks.load.HoldfastLoad;
import dev.holdfast.benchmarks.load.Machine;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * How fast a worker over HTTP drains a queue with batched claims and ends, beside a worker in the
 * process of the queue, in turns, on each store. Server and worker are processes of their own. The
 * ratio is what counts.
 *
 * <p>{@code --db} (sqlite,postgres), {@code --jobs} (50000) a drain, {@code --batch} (500) jobs in
 * a call, {@code --connections} (2) of the worker over HTTP, {@code --slots} (64) of the other one,
 * {@code --rounds} (5), {@code --seed} (1) decides whose turn it is.
 */
public final class WorkersOverHttp {
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("db", Ground.KINDS);
    DEFAULTS.put("jobs", "50000");
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

  /** Runs it. */
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
        String address = ground.fresh("http");
        double rate =
            isHttp
                ? overHttp(address)
                : HoldfastLoad.drain(address, jobs, arguments.number("slots"));
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

  private double overHttp(String address) throws IOException, InterruptedException {
    try (Holdfast holdfast = Holdfast.open(address)) {
      HoldfastLoad.load(holdfast, jobs);
    }
    long nanos;
    try (ChildProcess server = ChildProcess.java(ServedQueue.class, address)) {
      String uri = server.line();
      try (ChildProcess worker =
          ChildProcess.java(
              HttpWorker.class,
              uri,
              String.valueOf(jobs),
              String.valueOf(arguments.number("batch")),
              String.valueOf(arguments.number("connections")))) {
        worker.await("ready");
        worker.say("go");
        nanos = Long.parseLong(worker.line());
      }
    }
    try (Holdfast holdfast = Holdfast.open(address)) {
      return Counted.rate(jobs, nanos, HoldfastLoad.count(holdfast, JobState.COMPLETED));
    }
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
