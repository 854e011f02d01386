package dev.holdfast.engine;

import dev.holdfast.spi.Duty;
import dev.holdfast.spi.JobStore;
import java.time.Duration;

/** Ranks jobs again in queues whose claim order was changed by a caller that did not finish. */
final class ReRanking implements Duty {
  private static final int BATCH = 1_000;
  private static final Duration INTERVAL = Duration.ofSeconds(10);

  private final JobStore store;

  ReRanking(JobStore store) {
    this.store = store;
  }

  @Override
  public Duration run() {
    return store.queues().reRank(BATCH) >= BATCH ? Duration.ZERO : INTERVAL;
  }
}
