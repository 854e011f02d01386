package dev.holdfast.server.undertow;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Creates the threads of the server: platform threads, as they block on databases. */
final class Threads {
  private static final int IDLE_SECONDS = 30;

  private Threads() {}

  /**
   * Creates a pool of at most this number of daemon threads, started as needed. The caller limits
   * the waiting work.
   */
  static ThreadPoolExecutor pool(String name, int threads) {
    AtomicInteger made = new AtomicInteger();
    ThreadPoolExecutor pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            body -> {
              Thread thread = new Thread(body, "holdfast-" + name + "-" + made.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    pool.allowCoreThreadTimeOut(true);
    return pool;
  }
}
