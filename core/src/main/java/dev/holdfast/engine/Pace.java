package dev.holdfast.engine;

import dev.holdfast.spi.TimeSource;
import java.time.Duration;

/**
 * Decides how many jobs to claim ahead of free slots: as many as the handlers finish within 50 ms
 * at their current pace. So short jobs come in large batches and no slot waits for a commit, while
 * long jobs do not queue up here when another node is free.
 */
final class Pace {
  private static final Duration AHEAD = Duration.ofMillis(50);
  private static final Duration WINDOW = Duration.ofMillis(100);

  private final TimeSource time;
  private long windowTicks;
  private int endedInWindow;
  private int endedLast;
  private long ahead;

  Pace(TimeSource time) {
    this.time = time;
    this.windowTicks = time.ticks();
  }

  /** Records that this many attempts have ended since the last call. */
  void ended(int attempts) {
    endedLast = attempts;
    endedInWindow += attempts;
    long elapsed = time.ticks() - windowTicks;
    if (elapsed >= WINDOW.toNanos()) {
      ahead = endedInWindow * AHEAD.toNanos() / elapsed;
      windowTicks += elapsed;
      endedInWindow = 0;
    }
  }

  /**
   * Returns how many jobs {@code slots} slots may hold, running and waiting. Grows fast at a start.
   */
  int target(int slots) {
    return (int) Math.max(slots + ahead, 2L * endedLast);
  }
}
