package dev.holdfast.cli.each;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/** Counts the items of one invocation by what happened to them. */
final class Tally {
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition changed = lock.newCondition();
  private long expected; // guarded by lock, like all below
  private long resumed;
  private long skipped;
  private long refused;
  private long completed;
  private long failed;
  private long elsewhere;
  private boolean isInputRead;
  private long changes;

  /**
   * The numbers at one instant.
   *
   * @param expected items that this invocation runs
   * @param resumed those of them that were unfinished before
   * @param skipped items that had completed before
   * @param refused lines that are not valid items
   * @param completed items that completed
   * @param failed items that failed
   * @param isInputRead whether the input was read completely
   */
  record Counts(
      long expected,
      long resumed,
      long skipped,
      long refused,
      long completed,
      long failed,
      boolean isInputRead) {

    long ended() {
      return completed + failed;
    }

    /** Returns whether all items have ended, as far as this process knows. */
    boolean haveEnded() {
      return isInputRead && ended() >= expected;
    }

    /** Returns the number of failed items and invalid lines. */
    long failures() {
      return failed + refused;
    }
  }

  Counts counts() {
    lock.lock();
    try {
      return new Counts(expected, resumed, skipped, refused, completed, failed, isInputRead);
    } finally {
      lock.unlock();
    }
  }

  void queued(long items) {
    add(() -> expected += items);
  }

  void resumed(long items) {
    add(
        () -> {
          expected += items;
          resumed += items;
        });
  }

  /** Counts items that were running elsewhere and have completed outside of this pass's queue. */
  void completedElsewhere(long items) {
    add(
        () -> {
          expected += items;
          resumed += items;
          completed += items;
          elsewhere += items;
        });
  }

  /** Replaces the counts by those of the queue, in case other processes worked on it, too. */
  void recount(long completedInQueue, long failedInQueue) {
    add(
        () -> {
          completed = completedInQueue + elsewhere;
          failed = failedInQueue;
        });
  }

  void skipped(long items) {
    add(() -> skipped += items);
  }

  void refused() {
    add(() -> refused++);
  }

  void ended(long nowCompleted, long nowFailed) {
    add(
        () -> {
          completed += nowCompleted;
          failed += nowFailed;
        });
  }

  private void add(Runnable change) {
    lock.lock();
    try {
      change.run();
      changes++;
      changed.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /** Records that the number of items is now final. */
  void inputRead() {
    add(() -> isInputRead = true);
  }

  /** Waits until the input has been read and all its items have ended, for at most this long. */
  void awaitEnd(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      while (left > 0 && !(isInputRead && completed + failed >= expected)) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Waits for any change, for at most this long. */
  void awaitChange(Duration limit) throws InterruptedException {
    long left = limit.toNanos();
    lock.lock();
    try {
      long before = changes;
      while (changes == before && left > 0) {
        left = changed.awaitNanos(left);
      }
    } finally {
      lock.unlock();
    }
  }
}
