package dev.holdfast.server.undertow;

import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A thread pool for one kind of requests, with a limit on waiting requests. Workers have their own
 * pool, so that claims and heartbeats get through no matter how many callers there are.
 */
final class RequestPool implements AutoCloseable {
  private final ThreadPoolExecutor pool;
  private final int inside;
  private final AtomicInteger now = new AtomicInteger();

  /**
   * @param threads the number of requests handled at once
   * @param waiting the maximum number of waiting requests
   */
  RequestPool(String name, int threads, int waiting) {
    this.pool = Threads.pool(name, threads);
    this.inside = threads + waiting;
  }

  /** Admits a request. @return false if there are too many */
  boolean enter() {
    if (now.incrementAndGet() > inside) {
      now.decrementAndGet();
      return false;
    }
    return true;
  }

  /** Records that an admitted request needs no thread any longer. */
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
