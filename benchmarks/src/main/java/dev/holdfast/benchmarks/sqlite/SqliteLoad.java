package dev.holdfast.benchmarks.sqlite;

import dev.holdfast.benchmarks.load.Figures;
import dev.holdfast.benchmarks.load.HoldfastLoad;
import dev.holdfast.benchmarks.load.Latencies;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Compares Holdfast on SQLite (synchronous=FULL) with the bare engine over the same table: the two
 * take turns, each time on a fresh file, and the ratio of their medians is what counts.
 *
 * <p>Arguments: rounds (default 5), the scale of the numbers of jobs (default 1.0), and the part of
 * a scenario's name to run only those.
 */
public final class SqliteLoad {
  private static final int SLOTS = 4;

  private final int rounds;
  private final double scale;
  private final String only;
  private final Path folder;

  private SqliteLoad(int rounds, double scale, String only, Path folder) {
    this.rounds = rounds;
    this.scale = scale;
    this.only = only;
    this.folder = folder;
  }

  /** Runs the benchmark. */
  public static void main(String[] args) throws Exception {
    int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 5;
    double scale = args.length > 1 ? Double.parseDouble(args[1]) : 1;
    String only = args.length > 2 ? args[2] : "";
    Path folder = Files.createTempDirectory("holdfast-load");
    try {
      new SqliteLoad(rounds, scale, only, folder).run();
    } finally {
      delete(folder);
    }
  }

  private void run() throws Exception {
    System.out.printf(
        Locale.ROOT,
        "JDK %s, %d processors, rounds %d (one more to warm up), median (least to most)%n",
        Runtime.version().feature(),
        Runtime.getRuntime().availableProcessors(),
        rounds);
    System.out.printf("%-22s %32s %32s %7s%n", "", "raw", "Holdfast", "ratio");
    rate("enqueue, 1 caller", 4_000, Scenarios::rawEnqueueOne, enqueue(1));
    rate("enqueue, 8 callers", 20_000, Scenarios.rawEnqueueMany(8), enqueue(8));
    rate("enqueue, 64 callers", 60_000, Scenarios.rawEnqueueMany(64), enqueue(64));
    rate(
        "enqueue, 1000 a call",
        200_000,
        Scenarios::rawBulk,
        (file, jobs) -> HoldfastLoad.bulk(file.toString(), jobs));
    rate(
        "drain",
        200_000,
        Scenarios::rawDrain,
        (file, jobs) -> HoldfastLoad.drain(file.toString(), jobs, SLOTS));
    rate(
        "steady state",
        200_000,
        Scenarios::rawSteady,
        (file, jobs) -> HoldfastLoad.steady(file.toString(), jobs, SLOTS));
    latency("idle, same process", Latencies::sameProcess);
    latency("idle, other process", Latencies::otherProcess);
  }

  private static Scenarios.Rate enqueue(int callers) {
    return (file, jobs) -> HoldfastLoad.enqueue(file.toString(), callers, jobs);
  }

  private void rate(String name, int jobs, Scenarios.Rate raw, Scenarios.Rate holdfast)
      throws Exception {
    if (!name.contains(only)) {
      return;
    }
    int scaled = Math.max(1_000, (int) (jobs * scale) / 1_000 * 1_000);
    double[] rawRates = new double[rounds];
    double[] rates = new double[rounds];
    for (int round = -1; round < rounds; round++) {
      double rawRate = raw.measure(freshFile(), scaled);
      double rate = holdfast.measure(freshFile(), scaled);
      if (round >= 0) {
        rawRates[round] = rawRate;
        rates[round] = rate;
      }
    }
    System.out.printf(
        Locale.ROOT,
        "%-22s %32s %32s %7.2f%n",
        name,
        Figures.range(rawRates),
        Figures.range(rates),
        Figures.median(rates) / Figures.median(rawRates));
  }

  private interface Latency {
    double[] measure(String address, int samples) throws Exception;
  }

  private void latency(String name, Latency holdfast) throws Exception {
    if (!name.contains(only)) {
      return;
    }
    int samples = Math.max(100, (int) (500 * scale));
    double[] raw = Scenarios.rawIdle(freshFile(), samples);
    double[] measured = holdfast.measure(freshFile().toString(), samples);
    System.out.printf(
        Locale.ROOT,
        "%-22s %32s %32s %n",
        name + " (ms)",
        Figures.percentiles(raw),
        Figures.percentiles(measured));
  }

  private Path freshFile() throws IOException {
    delete(folder);
    Files.createDirectories(folder);
    return folder.resolve("load.db");
  }

  private static void delete(Path folder) throws IOException {
    if (Files.notExists(folder)) {
      return;
    }
    try (Stream<Path> tree = Files.walk(folder)) {
      tree.sorted(Comparator.reverseOrder())
          .forEach(
              path -> {
                try {
                  Files.delete(path);
                } catch (IOException failure) {
                  throw new UncheckedIOException(failure);
                }
              });
    }
  }
}
