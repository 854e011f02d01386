package dev.holdfast.engine;

import dev.holdfast.spi.BulkStore;
import dev.holdfast.spi.Duty;
import java.time.Duration;
import java.util.function.IntPredicate;

/** Work on many jobs, a batch at a time. Each kind is a duty of its own. */
final class BulkWork implements Duty {
  private static final int BATCH = 500;
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  private final IntPredicate batch;

  private BulkWork(IntPredicate batch) {
    this.batch = batch;
  }

  /** Works off bulk operations. */
  static BulkWork operations(BulkStore store) {
    return new BulkWork(store::advance);
  }

  /** Indexes the fields of older jobs. */
  static BulkWork fieldIndex(BulkStore store) {
    return new BulkWork(store::indexFields);
  }

  @Override
  public Duration run() {
    return batch.test(BATCH) ? Duration.ZERO : INTERVAL;
  }
}
