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
import java.util.List;

/** Four worker processes against one, the same slots in all, handlers of a millisecond. */
final class ScaleOut {
  private static final int SLOTS = 64;
  private static final int PROCESSES = 4;
  private static final int HANDLER_MILLIS = 1;

  private final Databases databases;
  private final Options options;

  ScaleOut(Databases databases, Options options) {
    this.databases = databases;
    this.options = options;
  }

  void run() throws Exception {
    double[] one = new double[options.rounds()];
    double[] several = new double[options.rounds()];
    for (int round = 0; round < options.rounds(); round++) {
      one[round] = drain(1);
      several[round] = drain(PROCESSES);
    }
    databases.drop("scale_out");
    Table table =
        new Table("processes", "slots each", "jobs/s, median (least to most)", "of one")
            .row("1", Integer.toString(SLOTS), Figures.range(one), "1.00")
            .row(
                Integer.toString(PROCESSES),
                Integer.toString(SLOTS / PROCESSES),
                Figures.range(several),
                "%.2f".formatted(Figures.median(several) / Figures.median(one)));
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
