package dev.holdfast.engine;

import dev.holdfast.spi.Duty;
import dev.holdfast.spi.JobStore;
import java.time.Duration;

/** Gives jobs their place where a queue was switched to another order, and nobody ended that. */
final class Reordering implements Duty {
  private static final int BATCH = 1_000;
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final JobStore store;

  Reordering(JobStore store) {
    this.store = store;
  }

  @Override
  public Duration run() {
    return store.reorder(BATCH) >= BATCH ? Duration.ZERO : INTERVAL;
  }
}
