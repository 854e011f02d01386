package dev.holdfast.spi;

import dev.holdfast.error.BusyException;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Cancels the reads of one caller who no longer waits for them. A store ends the statement that
 * runs on the caller's thread and begins no other one; writes are not affected.
 */
public final class ReadCancellation {
  private static final ThreadLocal<ReadCancellation> CURRENT = new ThreadLocal<>();

  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Runnable stop; // guarded by lock; null while no read is under way
  private volatile boolean isCancelled;

  /** Runs work on the calling thread, whose reads this object can cancel. */
  public <T> T run(Supplier<T> work) {
    CURRENT.set(this);
    try {
      return work.get();
    } finally {
      CURRENT.remove();
    }
  }

  /** Returns the cancellation that the calling thread runs under; empty if there is none. */
  public static Optional<ReadCancellation> current() {
    return Optional.ofNullable(CURRENT.get());
  }

  /** Returns whether reads of the calling thread were cancelled. */
  public static boolean isCurrentCancelled() {
    return current().map(ReadCancellation::isCancelled).orElse(false);
  }

  /** Returns whether it was cancelled. */
  public boolean isCancelled() {
    return isCancelled;
  }

  /**
   * Cancels the read under way, if any, and all later ones. Blocks while it reaches the database.
   * Repeat it until the caller's work has ended: it may have come just before a statement began.
   */
  public void cancel() {
    isCancelled = true;
    lock.lock();
    try {
      if (stop != null) {
        stop.run();
      }
    } finally {
      lock.unlock();
    }
  }

  /**
   * Runs a read. When it returns, {@code stop} is not running and does not run any more.
   *
   * @param newStop ends the read, from another thread; it must not throw
   * @throws BusyException if it was cancelled before
   */
  public <T> T read(Runnable newStop, Supplier<T> read) {
    Runnable outer = exchange(newStop);
    try {
      check();
      return read.get();
    } finally {
      exchange(outer);
    }
  }

  private @Nullable Runnable exchange(@Nullable Runnable newStop) {
    lock.lock();
    try {
      Runnable before = stop;
      stop = newStop;
      return before;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Checks before a statement.
   *
   * @throws BusyException if it was cancelled
   */
  public void check() {
    if (isCancelled) {
      throw new BusyException("the caller of a read has left: the read was ended");
    }
  }
}
