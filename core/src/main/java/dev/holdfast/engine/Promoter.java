package dev.holdfast.engine;

import dev.holdfast.spi.Duty;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Promotion;
import java.time.Duration;
import java.util.Optional;

/** Moves scheduled jobs into the queue when they are due. */
final class Promoter implements Duty {
  private static final int BATCH = 1_000;
  private static final int DOUBLINGS_MAX = 7;

  private final JobStore store;
  private final Duration longestSleep;
  private int inVain;

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
    boolean isInVain =
        promotion.promoted() == 0 && promotion.nextDue().equals(Optional.of(Duration.ZERO));
    inVain = isInVain ? Math.min(inVain + 1, DOUBLINGS_MAX) : 0;
    if (isInVain) {
      return Duration.ofMillis(1L << inVain); // what is due is held by others
    }
    return promotion.nextDue().filter(due -> due.compareTo(longestSleep) < 0).orElse(longestSleep);
  }
}
