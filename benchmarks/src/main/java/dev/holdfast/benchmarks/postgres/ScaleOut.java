package dev.holdfast.benchmarks.postgres;

import dev.holdfast.Holdfast;
import dev.holdfast.benchmarks.load.Acknowledged;
import dev.holdfast.benchmarks.load.ChildProcess;
import dev.holdfast.benchmarks.load.Counted;
import dev.holdfast.benchmarks.load.Databases;
import dev.holdfast.benchmarks.load.Figures;
import dev.holdfast.benchmarks.load.HoldfastLoad;
import dev.holdfast.benchmarks.load.SlotsWorker;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Compares several worker processes with one, with the same total of slots and handlers of a
 * millisecond.
 */
final class ScaleOut {
  private static final int SLOTS = 64;
  private static final List<Integer> PROCESSES = List.of(1, 2, 4);
  private static final int HANDLER_MILLIS = 1;

  private final Databases databases;
  private final Options options;

  ScaleOut(Databases databases, Options options) {
    this.databases = databases;
    this.options = options;
  }

  void run() throws Exception {
    Map<Integer, double[]> rates = new LinkedHashMap<>();
    for (int round = 0; round < options.rounds(); round++) {
      for (int processes : PROCESSES) {
        rates.computeIfAbsent(processes, first -> new double[options.rounds()])[round] =
            drain(processes);
      }
    }
    databases.drop("scale_out");
    Table table = new Table("processes", "slots each", "jobs/s, median (least to most)", "of one");
    rates.forEach(
        (processes, found) ->
            table.row(
                processes.toString(),
                Integer.toString(SLOTS / processes),
                Figures.range(found),
                "%.2f".formatted(Figures.median(found) / Figures.median(rates.get(1)))));
    System.out.printf(
        "%n### Scale-out, %,d jobs of %d ms%n%s%n", options.jobs(), HANDLER_MILLIS, table);
  }

  private double drain(int processes) throws Exception {
    String address = databases.fresh("scale_out");
    try (Holdfast holdfast = Holdfast.open(address)) {
      HoldfastLoad.load(holdfast, options.jobs());
    }
    List<ChildProcess> workers = new ArrayList<>();
    try {
      for (int i = 0; i < processes; i++) {
        workers.add(
            ChildProcess.java(
                SlotsWorker.class,
                address,
                Integer.toString(SLOTS / processes),
                Integer.toString(HANDLER_MILLIS)));
      }
      for (ChildProcess worker : workers) {
        worker.await("ready");
      }
      double rate = Acknowledged.rate(workers, options.jobs());
      Counted.check(options.jobs(), RawPostgres.count(address, "COMPLETED"));
      return rate;
    } finally {
      for (ChildProcess worker : workers) {
        worker.close();
      }
    }
  }
}
