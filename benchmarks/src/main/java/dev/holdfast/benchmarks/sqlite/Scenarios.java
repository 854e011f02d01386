package dev.holdfast.benchmarks.sqlite;

import dev.holdfast.Holdfast;
import dev.holdfast.JobState;
import dev.holdfast.NewJob;
import dev.holdfast.NodeConfig;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;

/** What is measured, each once on the bare engine and once on Holdfast, each on a fresh file. */
final class Scenarios {
  private static final int BATCH = 1_000;
  private static final int SLOTS = 4;
  private static final Object PAYLOAD = Collections.singletonMap("text", "x".repeat(180));

  private Scenarios() {}

  /** Jobs a second. */
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
      return rate(start, jobs, raw.count("PENDING"));
    }
  }

  /** One writer thread; callers hand it a row each and sleep until its commit. */
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
        return rate(start, jobs, raw.count("PENDING"));
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
      return rate(start, jobs, raw.count("PENDING"));
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
      return rate(start, jobs, raw.count("COMPLETED"));
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
      return rate(start, jobs, raw.count("COMPLETED"));
    }
  }

  static Rate enqueue(int callers) {
    return (file, jobs) -> {
      try (Holdfast holdfast = Holdfast.open(file.toString())) {
        AtomicLong left = new AtomicLong(jobs);
        long start = System.nanoTime();
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < callers; i++) {
          threads.add(
              start(
                  () -> {
                    while (left.getAndDecrement() > 0) {
                      holdfast.enqueue(NewJob.of("noop", PAYLOAD));
                    }
                  }));
        }
        for (Thread thread : threads) {
          thread.join();
        }
        return rate(start, jobs, count(holdfast, JobState.PENDING));
      }
    };
  }

  static double bulk(Path file, int jobs) {
    try (Holdfast holdfast = Holdfast.open(file.toString())) {
      long start = System.nanoTime();
      load(holdfast, jobs);
      return rate(start, jobs, count(holdfast, JobState.PENDING));
    }
  }

  private static void load(Holdfast holdfast, int jobs) {
    for (int done = 0; done < jobs; done += BATCH) {
      holdfast.enqueue(Collections.nCopies(BATCH, NewJob.of("noop", PAYLOAD)));
    }
  }

  static double drain(Path file, int jobs) throws InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file.toString())) {
      load(holdfast, jobs);
      CountDownLatch done = countDown(holdfast, jobs);
      long start = System.nanoTime();
      holdfast.start(NodeConfig.defaults().concurrency(SLOTS));
      done.await();
      return rate(start, jobs, count(holdfast, JobState.COMPLETED));
    }
  }

  /** A producer keeps the queue filled by batches while the worker runs. */
  static double steady(Path file, int jobs) throws InterruptedException {
    try (Holdfast holdfast = Holdfast.open(file.toString())) {
      CountDownLatch done = countDown(holdfast, jobs);
      long start = System.nanoTime();
      holdfast.start(NodeConfig.defaults().concurrency(SLOTS));
      Thread producer = start(() -> load(holdfast, jobs));
      done.await();
      producer.join();
      return rate(start, jobs, count(holdfast, JobState.COMPLETED));
    }
  }

  private static CountDownLatch countDown(Holdfast holdfast, int jobs) {
    CountDownLatch done = new CountDownLatch(1);
    AtomicLong left = new AtomicLong(jobs);
    holdfast.handle("noop", Object.class, (payload, job) -> null);
    holdfast.onAcknowledged(
        (acknowledged, stale) -> {
          if (left.addAndGet(stale.size() - acknowledged.size()) == 0) {
            done.countDown();
          }
        });
    return done;
  }

  private static long count(Holdfast holdfast, JobState state) {
    return holdfast.status().counts().getOrDefault(state, 0L);
  }

  private static Thread start(Runnable body) {
    Thread thread = new Thread(body, "load");
    thread.start();
    return thread;
  }

  /** Every job must be there. */
  private static double rate(long startTicks, int jobs, long counted) {
    double seconds = (System.nanoTime() - startTicks) / 1e9;
    if (counted != jobs) {
      throw new IllegalStateException("%d jobs, counted %d".formatted(jobs, counted));
    }
    return jobs / seconds;
  }
}
