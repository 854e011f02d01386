package dev.holdfast.sqlite;

import dev.holdfast.jdbc.sql.Session;
import dev.holdfast.jdbc.sql.Sql;
import dev.holdfast.spi.TimeSource;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * Gives the free pages of a file back while others write. Each step is a transaction of its own.
 *
 * <p>A writer that meets a step waits for its end, and a step takes about 10 ms. The pause after it
 * is much longer than the time between two looks of a waiting writer ({@link LockWait}), so that
 * the writer finds the lock free.
 */
final class PageRelease {
  private static final Sql FREE = Sql.of("pragma freelist_count");
  private static final Sql NO_CHECKPOINTS = Sql.of("pragma wal_autocheckpoint = 0");
  private static final Sql CHECKPOINT = Sql.of("pragma wal_checkpoint(passive)");

  private static final long STEP_LONG_NANOS = Duration.ofMillis(10).toNanos();
  private static final long STEP_SHORT_NANOS = Duration.ofMillis(4).toNanos();
  private static final Duration PAUSE = Duration.ofMillis(5);
  private static final int STEP_PAGES_MIN = 8;
  private static final int STEP_PAGES_MAX = 128;
  private static final int CHECKPOINT_PAGES = 1_000;

  private final Session session;
  private final TimeSource time;

  PageRelease(Session session, TimeSource time) {
    this.session = session;
    this.time = time;
  }

  /**
   * Releases as many pages as are free now; fewer if others use them meanwhile.
   *
   * @return the number of steps
   */
  int run() {
    // a checkpoint by this connection would be a part of a step
    long unused = session.sql(NO_CHECKPOINTS).number();
    int pages = STEP_PAGES_MIN;
    int steps = 0;
    long unmoved = 0;
    for (long left = free(); left > 0 && free() > 0; ) {
      long began = time.ticks();
      release(pages);
      long took = time.ticks() - began;
      left -= pages;
      steps++;
      unmoved += pages;
      if (unmoved >= CHECKPOINT_PAGES) {
        checkpoint();
        unmoved = 0;
      }
      pages = next(pages, took);
      letOthersWrite();
    }
    checkpoint();
    return steps;
  }

  private static int next(int pages, long tookNanos) {
    if (tookNanos > STEP_LONG_NANOS) {
      return Math.max(STEP_PAGES_MIN, pages / 2);
    }
    return tookNanos < STEP_SHORT_NANOS ? Math.min(STEP_PAGES_MAX, pages * 2) : pages;
  }

  private long free() {
    return session.sql(FREE).number();
  }

  private void checkpoint() {
    long unused = session.sql(CHECKPOINT).number();
  }

  /** A prepared statement would be run up to its first row, which is one page. */
  private void release(int pages) {
    try (Statement statement = session.connection().createStatement()) {
      int unused = statement.executeUpdate("pragma incremental_vacuum(%d)".formatted(pages));
    } catch (SQLException failure) {
      throw session.meaning(failure);
    }
  }

  /** Waits a moment, or until the calling thread is interrupted. */
  static void letOthersWrite() {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    try {
      Condition never = lock.newCondition();
      for (long left = PAUSE.toNanos(); left > 0; ) {
        left = never.awaitNanos(left);
      }
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }
}
