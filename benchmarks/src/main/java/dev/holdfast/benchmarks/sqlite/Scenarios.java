package dev.holdfast.benchmarks.sqlite;

import dev.holdfast.benchmarks.load.Counted;
import dev.holdfast.benchmarks.load.Latencies;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** The measurements of the bare engine, each on a fresh file. */
final class Scenarios {
  private static final int BATCH = 1_000;

  private Scenarios() {}

  /** A measurement of jobs a second. */
  interface Rate {
    double measure(Path file, int jobs) throws Exception;
  }

  static double rawEnqueueOne(Path file, int jobs) throws SQLException {
    try (RawSqlite raw = new RawSqlite(file)) {
      long start = System.nanoTime();
      for (int i = 0; i < jobs; i++) {
        raw.begin();
        raw.insert(1);
        raw.commit();
      }
      long nanos = System.nanoTime() - start;
      return Counted.rate(jobs, nanos, raw.count("PENDING"));
    }
  }

  /** Measures one writer thread; callers hand it a row each and sleep until its commit. */
  static Rate rawEnqueueMany(int callers) {
    return (file, jobs) -> {
      try (RawSqlite raw = new RawSqlite(file)) {
        BlockingQueue<CountDownLatch> waiting = new ArrayBlockingQueue<>(callers);
        AtomicLong left = new AtomicLong(jobs);
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
          threads.add(start(() -> callUntilDone(waiting, left)));
        }
        long written = 0;
        List<CountDownLatch> group = new ArrayList<>();
        while (written < jobs) {
          group.add(waiting.take());
          waiting.drainTo(group);
          raw.begin();
          raw.insert(group.size());
          raw.commit();
          written += group.size();
          group.forEach(CountDownLatch::countDown);
          group.clear();
        }
        for (Thread thread : threads) {
          thread.join();
        }
        long nanos = System.nanoTime() - start;
        return Counted.rate(jobs, nanos, raw.count("PENDING"));
      }
    };
  }

  private static void callUntilDone(BlockingQueue<CountDownLatch> waiting, AtomicLong left) {
    try {
      while (left.getAndDecrement() > 0) {
        CountDownLatch done = new CountDownLatch(1);
        waiting.put(done);
        done.await();
      }
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  static double rawBulk(Path file, int jobs) throws SQLException {
    try (RawSqlite raw = new RawSqlite(file)) {
      long start = System.nanoTime();
      for (int done = 0; done < jobs; done += BATCH) {
        raw.begin();
        raw.insert(BATCH);
        raw.commit();
      }
      long nanos = System.nanoTime() - start;
      return Counted.rate(jobs, nanos, raw.count("PENDING"));
    }
  }

  /** Completes the last batch and claims the next in one transaction, as Holdfast does. */
  static double rawDrain(Path file, int jobs) throws SQLException {
    try (RawSqlite raw = new RawSqlite(file)) {
      rawLoad(raw, jobs);
      long start = System.nanoTime();
      List<RawSqlite.Claimed> last = List.of();
      do {
        raw.begin();
        raw.complete(last);
        last = raw.claim(BATCH);
        raw.commit();
      } while (!last.isEmpty());
      long nanos = System.nanoTime() - start;
      return Counted.rate(jobs, nanos, raw.count("COMPLETED"));
    }
  }

  private static void rawLoad(RawSqlite raw, int jobs) throws SQLException {
    for (int done = 0; done < jobs; done += BATCH) {
      raw.begin();
      raw.insert(BATCH);
      raw.commit();
    }
  }

  static double rawSteady(Path file, int jobs) throws SQLException {
    try (RawSqlite raw = new RawSqlite(file)) {
      long start = System.nanoTime();
      List<RawSqlite.Claimed> last = List.of();
      int inserted = 0;
      do {
        raw.begin();
        raw.complete(last);
        if (inserted < jobs) {
          raw.insert(BATCH);
          inserted += BATCH;
        }
        last = raw.claim(BATCH);
        raw.commit();
      } while (!last.isEmpty());
      long nanos = System.nanoTime() - start;
      return Counted.rate(jobs, nanos, raw.count("COMPLETED"));
    }
  }

  private static Thread start(Runnable body) {
    Thread thread = new Thread(body, "load");
    thread.start();
    return thread;
  }

  /** Measures the minimum latency, in milliseconds: one commit that inserts, one that claims. */
  static double[] rawIdle(Path file, int samples) throws Exception {
    try (RawSqlite raw = new RawSqlite(file)) {
      return Latencies.sample(
          samples,
          () -> {
            raw.begin();
            raw.insert(1);
            raw.commit();
            raw.begin();
            raw.claim(1);
            raw.commit();
            return System.nanoTime();
          });
    }
  }
}
