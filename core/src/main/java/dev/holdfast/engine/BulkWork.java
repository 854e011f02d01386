package dev.holdfast.engine;

import dev.holdfast.spi.BulkStore;
import dev.holdfast.spi.Duty;
import java.time.Duration;

/** Works off bulk operations, a batch at a time. */
final class BulkWork implements Duty {
  private static final int BATCH = 500;
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final BulkStore store;

  BulkWork(BulkStore store) {
    this.store = store;
  }

  @Override
  public Duration run() {
    return store.advance(BATCH) ? Duration.ZERO : INTERVAL;
  }
}
