package dev.holdfast.server.undertow;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Threads for one kind of requests, with a limit to how many wait for them. Workers have a lane of
 * their own: however many callers there are, claims and heartbeats get through.
 */
final class RequestLane implements AutoCloseable {
  private final ThreadPoolExecutor pool;
  private final int inside;
  private final AtomicInteger now = new AtomicInteger();

  /**
   * @param threads so many are answered at once
   * @param waiting so many more may wait
   */
  RequestLane(String name, int threads, int waiting) {
    this.pool = Threads.pool(name, threads);
    this.inside = threads + waiting;
  }

  /** Takes a request in. @return false if there are too many */
  boolean enter() {
    if (now.incrementAndGet() > inside) {
      now.decrementAndGet();
      return false;
    }
    return true;
  }

  /** A request that was taken in needs no thread any longer. */
  void leave() {
    now.decrementAndGet();
  }

  Executor executor() {
    return pool;
  }

  @Override
  public void close() {
    pool.shutdown();
  }
}
