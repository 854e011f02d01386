package dev.holdfast.benchmarks.load;

import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Keeps a queue filled up to a limit while workers drain it, and counts the completed jobs. */
public final class Backlog {
  private static final long PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final long limit;
  private final AtomicLong done = new AtomicLong();

  /** Creates a backlog of at most this number of waiting jobs. */
  public Backlog(long limit) {
    this.limit = limit;
  }

  /** Adds to the number of completed jobs. */
  public void done(long jobs) {
    done.addAndGet(jobs);
  }

  /** Returns the number of completed jobs so far. */
  public long done() {
    return done.get();
  }

  /**
   * Starts a thread that enqueues batches of {@code batch} whenever the backlog is below its limit.
   */
  public Producer produce(int batch, Callers.Call enqueueBatch) {
    Producer producer = new Producer(batch, enqueueBatch);
    new Thread(producer.task, "producer").start();
    return producer;
  }

  /** A thread that enqueues until it is closed. */
  public final class Producer implements AutoCloseable {
    private final FutureTask<Void> task;
    private volatile boolean closed;

    private Producer(int batch, Callers.Call enqueueBatch) {
      task =
          new FutureTask<>(
              () -> {
                for (long produced = 0; !closed; ) {
                  if (produced - done() > limit - batch) {
                    LockSupport.parkNanos(PAUSE_NANOS);
                  } else {
                    enqueueBatch.run();
                    produced += batch;
                  }
                }
                return null;
              });
    }

    /**
     * Returns whether it still enqueues; false also after a failure, which {@link #close} throws.
     */
    public boolean isAlive() {
      return !task.isDone();
    }

    @Override
    public void close() throws Exception {
      closed = true;
      task.get();
    }
  }
}
