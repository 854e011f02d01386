package dev.holdfast.engine;

import dev.holdfast.spi.Duty;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Promotion;
import java.time.Duration;

/** Moves scheduled jobs into the queue when their time has come. */
final class Promoter implements Duty {
  private static final int BATCH = 1_000;

  private final JobStore store;
  private final Duration longestSleep;

  /**
   * @param longestSleep how long to trust the answer about the next due time, as other processes
   *     may schedule earlier ones
   */
  Promoter(JobStore store, Duration longestSleep) {
    this.store = store;
    this.longestSleep = longestSleep;
  }

  @Override
  public Duration run() {
    Promotion promotion = store.promote(BATCH);
    if (promotion.promoted() == BATCH) {
      return Duration.ZERO;
    }
    return promotion.nextDue().filter(due -> due.compareTo(longestSleep) < 0).orElse(longestSleep);
  }
}
