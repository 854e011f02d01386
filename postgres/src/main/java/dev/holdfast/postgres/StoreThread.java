package dev.holdfast.postgres;

import java.time.Duration;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** A thread that is started on demand, waits until it is woken, and ends when closed. */
final class StoreThread implements AutoCloseable {
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private boolean started; // guarded by lock, like both below
  private boolean woken;
  private boolean closed;

  StoreThread(ThreadFactory threads, Runnable body) {
    this.thread = threads.newThread(body);
  }

  /** Starts the thread, unless it was started; and ends its pause. */
  void wake() {
    lock.lock();
    try {
      if (!started && !closed) {
        started = true;
        thread.start();
      }
      woken = true;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  boolean isClosed() {
    lock.lock();
    try {
      return closed;
    } finally {
      lock.unlock();
    }
  }

  /** Waits this long, or until the calling thread is interrupted. */
  static void restBriefly(Duration duration) {
    ReentrantLock lock = new ReentrantLock();
    lock.lock();
    try {
      Condition never = lock.newCondition();
      for (long left = duration.toNanos(); left > 0; ) {
        left = never.awaitNanos(left);
      }
    } catch (InterruptedException asked) {
      Thread.currentThread().interrupt();
    } finally {
      lock.unlock();
    }
  }

  /** Waits this long, or until closed. Called only by the thread itself, like the next one. */
  void rest(Duration duration) {
    await(duration, false);
  }

  /** Waits this long, or until closed, or woken since the last time. */
  void pause(Duration duration) {
    await(duration, true);
  }

  private void await(Duration duration, boolean untilWoken) {
    lock.lock();
    try {
      long left = duration.toNanos();
      while (left > 0 && !closed && !(untilWoken && woken)) {
        left = changed.awaitNanos(left);
      }
      woken &= !untilWoken;
    } catch (InterruptedException toldToEnd) {
      closed = true; // this thread is ours alone
    } finally {
      lock.unlock();
    }
  }

  /** Ends the thread and waits for that. Interruption does not end the wait. */
  @Override
  public void close() {
    boolean wasStarted;
    lock.lock();
    try {
      closed = true;
      wasStarted = started;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
    boolean interrupted = false;
    while (wasStarted && thread.isAlive() && Thread.currentThread() != thread) {
      try {
        thread.join();
      } catch (InterruptedException finishFirst) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
