package dev.holdfast.benchmarks.postgres;

import dev.holdfast.Holdfast;
import dev.holdfast.NodeConfig;
import dev.holdfast.benchmarks.load.Counted;
import dev.holdfast.benchmarks.load.Databases;
import dev.holdfast.benchmarks.load.Exchanges;
import dev.holdfast.benchmarks.load.Figures;
import dev.holdfast.benchmarks.load.HoldfastLoad;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * Compares an otherwise empty database with one that has millions of finished and pending jobs,
 * vacuumed and after a checkpoint, in turns: the rate of a drain, and the time of transactions that
 * complete a hundred jobs and claim as many.
 */
final class Growth {
  private static final int TRANSACTIONS = 500;

  /** The number of jobs that a worker may run beyond the timed ones. */
  private static final int SURPLUS = 20_000;

  private final Databases databases;
  private final Options options;
  private final int drained;
  private final Map<String, List<Double>> rates = new LinkedHashMap<>();
  private final Map<String, List<Double>> p99s = new LinkedHashMap<>();

  Growth(Databases databases, Options options) {
    this.databases = databases;
    this.options = options;
    this.drained = options.jobs() / 2;
  }

  void run() throws Exception {
    int turn = drained + TRANSACTIONS * Exchanges.JOBS + SURPLUS;
    int turns = 2 * (options.rounds() + 1);
    long start = System.nanoTime();
    String full =
        filled("growth_full", options.finished(), options.pending() + (long) turns * turn);
    System.out.printf(
        Locale.ROOT,
        "%nloaded, vacuumed, written: %s in %.0f s%n",
        Databases.text(full, "select pg_size_pretty(pg_database_size(current_database()))"),
        (System.nanoTime() - start) / 1e9);
    for (int round = -1; round < options.rounds(); round++) {
      measure(round, "raw, empty", filled("growth_empty", 0, turn), false);
      measure(round, "raw, full", full, false);
      measure(round, "Holdfast, empty", filled("growth_empty", 0, turn), true);
      measure(round, "Holdfast, full", full, true);
    }
    databases.drop("growth_empty");
    databases.drop("growth_full");
    print();
  }

  private String filled(String name, long finished, long pending) throws SQLException {
    String address = databases.fresh(name);
    RawPostgres.makeSchema(address);
    Databases.execute(address, RawStatements.PUT_LANE);
    Databases.execute(address, RawStatements.FINISHED.formatted(finished, RawStatements.LANE));
    Databases.execute(address, RawStatements.PENDING.formatted(pending, RawStatements.LANE));
    Databases.settle(address);
    return address;
  }

  private void measure(int round, String name, String address, boolean holdfast) throws Exception {
    double rate = holdfast ? drain(address) : rawDrain(address);
    double[] millis = holdfast ? Exchanges.millis(address, 0, TRANSACTIONS) : rawMillis(address);
    if (round >= 0) {
      rates.computeIfAbsent(name, first -> new ArrayList<>()).add(rate);
      p99s.computeIfAbsent(name, first -> new ArrayList<>()).add(Figures.percentile(millis, 0.99));
    }
  }

  private double drain(String address) throws InterruptedException {
    try (Holdfast holdfast = Holdfast.open(address)) {
      CountDownLatch done = HoldfastLoad.countDown(holdfast, drained);
      long start = System.nanoTime();
      holdfast.start(NodeConfig.defaults().concurrency(options.slots()));
      done.await();
      return drained * 1e9 / (System.nanoTime() - start);
    }
  }

  private double rawDrain(String address) throws SQLException {
    try (RawPostgres raw = new RawPostgres(address)) {
      long start = System.nanoTime();
      int done = 0;
      List<RawPostgres.Claimed> last = List.of();
      while (done < drained) {
        List<RawPostgres.Claimed> next = raw.exchange(last, Raw.BATCH);
        done += last.size();
        last = next;
      }
      double rate = done * 1e9 / (System.nanoTime() - start);
      raw.complete(last);
      return rate;
    }
  }

  private static double[] rawMillis(String address) throws SQLException {
    double[] millis = new double[TRANSACTIONS];
    try (RawPostgres raw = new RawPostgres(address)) {
      List<RawPostgres.Claimed> last = List.of();
      for (int i = 0; i < TRANSACTIONS; i++) {
        long start = System.nanoTime();
        last = raw.exchange(last, Exchanges.JOBS);
        millis[i] = (System.nanoTime() - start) / 1e6;
        Counted.check(Exchanges.JOBS, last.size());
      }
      raw.complete(last);
    }
    return Figures.sorted(millis);
  }

  private void print() {
    Table table =
        new Table("", "drain, jobs/s", "of empty", "p99 of a transaction, ms", "of empty");
    rates.forEach(
        (name, found) -> {
          String empty = name.replace("full", "empty");
          double[] all = array(found);
          table.row(
              name,
              Figures.range(all),
              ratio(median(rates, name), median(rates, empty)),
              String.format(Locale.ROOT, "%.2f", median(p99s, name)),
              ratio(median(p99s, name), median(p99s, empty)));
        });
    System.out.printf(
        Locale.ROOT,
        "%n### Growth: %,d finished and %,d pending jobs%n%s%n",
        options.finished(),
        options.pending(),
        table);
  }

  private static String ratio(double full, double empty) {
    return String.format(Locale.ROOT, "%.2f", full / empty);
  }

  private static double median(Map<String, List<Double>> found, String name) {
    return Figures.median(array(found.get(name)));
  }

  private static double[] array(List<Double> values) {
    return values.stream().mapToDouble(Double::doubleValue).toArray();
  }
}
