package dev.holdfast.benchmarks.postgres;

import dev.holdfast.benchmarks.load.Callers;
import dev.holdfast.benchmarks.load.Contender;
import dev.holdfast.benchmarks.load.Counted;
import dev.holdfast.benchmarks.load.Latencies;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.TimeUnit;

/** The bare engine over Holdfast's own table, as an upper bound. */
final class Raw implements Contender {
  static final int BATCH = 1_000;

  /** Connections that commit for callers, in groups. */
  private static final int WRITERS = 2;

  private static final CompletableFuture<Boolean> END = new CompletableFuture<>();

  @Override
  public String name() {
    return "raw";
  }

  @Override
  public String settings() {
    return "bare JDBC over Holdfast's table: drain by batches of 1,000 on one connection, bulk by"
        + " COPY, callers in groups by "
        + WRITERS
        + " connections, idle by two commits";
  }

  @Override
  public double share() {
    return 1;
  }

  @Override
  public double drain(String address, int jobs) throws SQLException {
    RawPostgres.makeSchema(address);
    load(address, jobs);
    long nanos;
    try (RawPostgres raw = new RawPostgres(address)) {
      long start = System.nanoTime();
      List<RawPostgres.Claimed> last = List.of();
      do {
        last = raw.exchange(last, BATCH);
      } while (!last.isEmpty());
      nanos = System.nanoTime() - start;
    }
    return Counted.rate(jobs, nanos, RawPostgres.count(address, "COMPLETED"));
  }

  @Override
  public double bulk(String address, int jobs) throws SQLException {
    RawPostgres.makeSchema(address);
    long start = System.nanoTime();
    load(address, jobs);
    long nanos = System.nanoTime() - start;
    return Counted.rate(jobs, nanos, RawPostgres.count(address, "PENDING"));
  }

  private static void load(String address, int jobs) throws SQLException {
    try (RawPostgres raw = new RawPostgres(address)) {
      for (int done = 0; done < jobs; done += BATCH) {
        raw.copy(BATCH);
      }
    }
  }

  /** Measures callers that hand over a row each and sleep until its commit. */
  @Override
  public double enqueue(String address, int callers, Duration time) throws Exception {
    RawPostgres.makeSchema(address);
    BlockingQueue<CompletableFuture<Boolean>> waiting = new ArrayBlockingQueue<>(callers + WRITERS);
    List<FutureTask<Void>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      FutureTask<Void> writer = new FutureTask<>(() -> commitGroups(address, waiting), null);
      writers.add(writer);
      new Thread(writer, "writer-" + i).start();
    }
    Callers.Answered answered =
        new Callers(callers)
            .during(
                time,
                () -> {
                  CompletableFuture<Boolean> committed = new CompletableFuture<>();
                  waiting.put(committed);
                  committed.get(1, TimeUnit.MINUTES);
                });
    for (int i = 0; i < WRITERS; i++) {
      waiting.put(END);
    }
    for (Future<Void> writer : writers) {
      writer.get();
    }
    Counted.check(answered.calls(), RawPostgres.count(address, "PENDING"));
    return answered.perSecond();
  }

  private static void commitGroups(
      String address, BlockingQueue<CompletableFuture<Boolean>> waiting) {
    try (RawPostgres raw = new RawPostgres(address)) {
      for (CompletableFuture<Boolean> first = waiting.take();
          first != END;
          first = waiting.take()) {
        List<CompletableFuture<Boolean>> group = new ArrayList<>(List.of(first));
        waiting.drainTo(group);
        raw.insert(group.size());
        group.forEach(committed -> committed.complete(true));
      }
    } catch (SQLException failure) {
      throw new IllegalStateException("a writer failed", failure);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public double[] idle(String address, Place place, int samples) throws Exception {
    RawPostgres.makeSchema(address);
    return place == Place.SAME_PROCESS ? idle(address, samples) : notified(address, samples);
  }

  private static double[] idle(String address, int samples) throws Exception {
    try (RawPostgres raw = new RawPostgres(address)) {
      return Latencies.sample(
          samples,
          () -> {
            raw.insert(1);
            Counted.check(1, raw.claim(1).size());
            return System.nanoTime();
          });
    }
  }

  /** Commits a row with its notification; the listener claims it in another transaction. */
  private static double[] notified(String address, int samples) throws Exception {
    SynchronousQueue<Long> claimedAtNanos = new SynchronousQueue<>();
    int all = samples + samples / 4;
    FutureTask<Void> listener =
        new FutureTask<>(
            () -> {
              try (RawPostgres raw = new RawPostgres(address)) {
                raw.execute("listen arrival");
                claimedAtNanos.put(0L); // listens now
                for (int i = 0; i < all; i++) {
                  raw.awaitNotification();
                  Counted.check(1, raw.claim(1).size());
                  claimedAtNanos.put(System.nanoTime());
                }
                return null;
              }
            });
    new Thread(listener, "listener").start();
    try (RawPostgres raw = new RawPostgres(address)) {
      claimedAtNanos.take();
      return Latencies.sample(
          samples,
          () -> {
            raw.begin();
            raw.insert(1);
            raw.execute("notify arrival");
            raw.commit();
            return claimedAtNanos.take();
          });
    } finally {
      listener.get();
    }
  }
}
