package dev.holdfast.benchmarks.spike;

import dev.holdfast.testkit.postgres.PostgresServer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Runs whole cycles at full speed: each connection inserts a batch, claims a batch and completes
 * it, in three transactions, until the time is over. The queues stay open between calls of {@link
 * #run}.
 */
final class PostgresLoad implements AutoCloseable {

  /** One batch: the time of its claim, the duration of its claim, the number of jobs. */
  record Batch(long atNanos, long claimNanos, int jobs) {}

  private final int batch;
  private final List<PostgresQueue> queues = new ArrayList<>();
  private final ExecutorService threads;

  PostgresLoad(PostgresServer postgres, PostgresVariant variant, int connections, int batch)
      throws SQLException {
    this.batch = batch;
    for (int i = 0; i < connections; i++) {
      queues.add(new PostgresQueue(postgres.connect(), variant));
    }
    threads = Executors.newFixedThreadPool(connections);
  }

  /** Runs for this time on all connections, and returns all batches, in no order. */
  List<Batch> run(double seconds) {
    long start = System.nanoTime();
    long end = start + (long) (seconds * 1e9);
    List<Future<List<Batch>>> running =
        queues.stream().map(queue -> threads.submit(() -> cycles(queue, start, end))).toList();
    List<Batch> batches = new ArrayList<>();
    for (Future<List<Batch>> one : running) {
      batches.addAll(result(one));
    }
    return batches;
  }

  private List<Batch> cycles(PostgresQueue queue, long start, long end) throws SQLException {
    List<Batch> batches = new ArrayList<>();
    while (System.nanoTime() < end) {
      queue.insert(NewRow.make(batch, 200));
      long before = System.nanoTime();
      List<PostgresQueue.Claimed> claimed = queue.claim(batch, now());
      long after = System.nanoTime();
      queue.complete(claimed, now());
      batches.add(new Batch(before - start, after - before, claimed.size()));
    }
    return batches;
  }

  private static <T> T result(Future<T> future) {
    try {
      return future.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } catch (ExecutionException e) {
      throw new IllegalStateException("a connection failed", e.getCause());
    }
  }

  static long jobs(List<Batch> batches) {
    return batches.stream().mapToLong(Batch::jobs).sum();
  }

  private static long now() {
    return System.currentTimeMillis() * 1_000;
  }

  @Override
  public void close() throws SQLException {
    threads.shutdown();
    for (PostgresQueue queue : queues) {
      queue.close();
    }
  }
}
