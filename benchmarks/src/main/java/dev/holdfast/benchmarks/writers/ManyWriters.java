package dev.holdfast.benchmarks.writers;

import dev.holdfast.benchmarks.load.Arguments;
import dev.holdfast.benchmarks.load.ChildProcess;
import dev.holdfast.benchmarks.load.Figures;
import dev.holdfast.benchmarks.load.Ground;
import dev.holdfast.benchmarks.load.Machine;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;

/**
 * Measures how processes share a queue that all of them write to without rest: the rate of each,
 * and how long one write had to wait.
 *
 * <p>{@code --db} (sqlite), {@code --writers} (1,2,4) processes, for {@code --seconds} (8) in each
 * of {@code --rounds} (3).
 */
public final class ManyWriters {
  private static final Map<String, String> DEFAULTS = new LinkedHashMap<>();

  static {
    DEFAULTS.put("db", "sqlite");
    DEFAULTS.put("writers", "1,2,4");
    DEFAULTS.put("seconds", "8");
    DEFAULTS.put("rounds", "3");
  }

  private ManyWriters() {}

  /** Runs it. */
  public static void main(String[] args) throws Exception {
    Arguments arguments = Arguments.ofMain(DEFAULTS, args);
    System.out.printf("%s%nJDK %s%n%s%n", Machine.describe(), Runtime.version(), arguments);
    for (String kind : arguments.list("db")) {
      try (Ground ground = Ground.of(kind)) {
        System.out.printf("%n### %s%n", ground.describe());
        System.out.println(
            "| processes | writes a second | of each, least to most | p50 | p99 | longest, ms |");
        System.out.println("| --- | --- | --- | --- | --- | --- |");
        for (int round = 0; round < arguments.number("rounds"); round++) {
          for (String writers : arguments.list("writers")) {
            run(ground, Integer.parseInt(writers), arguments.number("seconds"));
          }
        }
      }
    }
  }

  private static void run(Ground ground, int writers, int seconds) throws Exception {
    String address = ground.fresh("writers");
    List<ChildProcess> processes = new ArrayList<>();
    List<double[]> millis = new ArrayList<>();
    try {
      for (int i = 0; i < writers; i++) {
        processes.add(ChildProcess.java(WriterProcess.class, address, Integer.toString(seconds)));
      }
      for (ChildProcess process : processes) {
        process.await("ready");
      }
      for (ChildProcess process : processes) {
        process.say("go");
      }
      for (ChildProcess process : processes) {
        millis.add(Stream.of(process.line().split(" ")).mapToDouble(Double::parseDouble).toArray());
      }
    } finally {
      for (ChildProcess process : processes) {
        process.close();
      }
    }
    double[] all = Figures.sorted(millis.stream().flatMapToDouble(DoubleStream::of).toArray());
    double[] rates = millis.stream().mapToDouble(each -> (double) each.length / seconds).toArray();
    System.out.printf(
        Locale.ROOT,
        "| %d | %,.0f | %,.0f to %,.0f | %.2f | %.1f | %.0f |%n",
        writers,
        DoubleStream.of(rates).sum(),
        DoubleStream.of(rates).min().orElseThrow(),
        DoubleStream.of(rates).max().orElseThrow(),
        Figures.percentile(all, 0.5),
        Figures.percentile(all, 0.99),
        all[all.length - 1]);
  }
}
