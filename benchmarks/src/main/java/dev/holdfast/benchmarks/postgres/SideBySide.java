package dev.holdfast.benchmarks.postgres;

import dev.holdfast.benchmarks.load.Contender;
import dev.holdfast.benchmarks.load.Contender.Place;
import dev.holdfast.benchmarks.load.Databases;
import dev.holdfast.benchmarks.load.Figures;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;

/**
 * Runs contenders in turns, each time on a fresh database: a warm-up round at a quarter of the
 * size, then the measured rounds, each in another order.
 */
final class SideBySide {
  private static final int WARM_UP_PART = 4;

  private final Databases databases;
  private final List<Contender> contenders;
  private final int rounds;
  private final Random order;

  SideBySide(Databases databases, List<Contender> contenders, Options options) {
    this.databases = databases;
    this.contenders = contenders;
    this.rounds = options.rounds();
    this.order = new Random(options.seed());
  }

  /** One turn of a contender. */
  interface Turn<T> {
    T measure(Contender contender, String address, int part) throws Exception;
  }

  /** Prints jobs a second; {@code part} divides the size of the work. */
  void rates(String title, Turn<Double> turn) throws Exception {
    Map<Contender, List<Double>> found = turns(rounds, turn);
    double holdfast = Figures.median(values(found, "Holdfast"));
    Table table = new Table("", "jobs/s, median (least to most)", "Holdfast is");
    found.forEach(
        (contender, rates) -> {
          double[] all = array(rates);
          table.row(
              contender.name(),
              Figures.range(all),
              Double.isNaN(holdfast)
                  ? ""
                  : String.format(Locale.ROOT, "%.2f ×", holdfast / Figures.median(all)));
        });
    print(title, table);
  }

  /** Prints milliseconds, over the samples of all rounds. */
  void latencies(String title, int samples, Place place) throws Exception {
    Map<Contender, List<double[]>> found =
        turns(
            rounds,
            (contender, address, part) -> contender.idle(address, place, samples / part + 1));
    Table table = new Table("", "samples", "ms", "Holdfast p50 − its", "Holdfast p99 ÷ its");
    double[] holdfast = all(found, "Holdfast");
    found.forEach(
        (contender, rounds) -> {
          double[] all = join(rounds);
          if (all.length > 0) {
            table.row(
                contender.name(),
                Integer.toString(all.length),
                Figures.percentiles(all),
                compare(holdfast, all, (ours, its) -> ours - its, 0.5),
                compare(holdfast, all, (ours, its) -> ours / its, 0.99));
          }
        });
    print(title, table);
  }

  private interface Comparison {
    double of(double ours, double its);
  }

  private static String compare(double[] ours, double[] its, Comparison comparison, double part) {
    if (ours.length == 0) {
      return "";
    }
    return String.format(
        Locale.ROOT,
        "%.2f",
        comparison.of(Figures.percentile(ours, part), Figures.percentile(its, part)));
  }

  private <T> Map<Contender, List<T>> turns(int rounds, Turn<T> turn) throws Exception {
    Map<Contender, List<T>> found = new LinkedHashMap<>();
    contenders.forEach(contender -> found.put(contender, new ArrayList<>()));
    List<Contender> turns = new ArrayList<>(contenders);
    for (int round = -1; round < rounds; round++) {
      Collections.shuffle(turns, order);
      for (Contender contender : turns) {
        T figure = measure(contender, turn, round < 0 ? WARM_UP_PART : 1);
        if (round >= 0) {
          found.get(contender).add(figure);
        }
      }
    }
    return found;
  }

  private <T> T measure(Contender contender, Turn<T> turn, int part) throws Exception {
    try {
      return turn.measure(contender, databases.fresh("side_by_side"), part);
    } catch (RuntimeException | SQLException failure) {
      throw new IllegalStateException(contender.name() + " failed", failure);
    } finally {
      databases.drop("side_by_side");
    }
  }

  private static double[] values(Map<Contender, List<Double>> found, String name) {
    return found.entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(name))
        .flatMapToDouble(entry -> DoubleStream.of(array(entry.getValue())))
        .toArray();
  }

  private static double[] all(Map<Contender, List<double[]>> found, String name) {
    return found.entrySet().stream()
        .filter(entry -> entry.getKey().name().equals(name))
        .map(entry -> join(entry.getValue()))
        .findFirst()
        .orElse(new double[0]);
  }

  private static double[] join(List<double[]> rounds) {
    return Figures.sorted(rounds.stream().flatMapToDouble(DoubleStream::of).toArray());
  }

  private static double[] array(List<Double> rates) {
    return rates.stream().mapToDouble(Double::doubleValue).toArray();
  }

  private static void print(String title, Table table) {
    System.out.printf("%n### %s%n%s%n", title, table);
  }
}
