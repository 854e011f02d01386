package dev.holdfast.engine;

import dev.holdfast.spi.BulkStore;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.FailureStore;
import java.time.Duration;
import java.util.function.IntPredicate;

/** Work on many jobs, a batch at a time. Each kind is a duty of its own. */
final class BulkWork implements Duty {
  private static final int BATCH = 500;
  private static final Duration INTERVAL = Duration.ofSeconds(2);

  /** Fingerprints are computed in small steps, which leave time to others. */
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final IntPredicate batch;
  private final Duration pause;
  private final Duration interval;

  private BulkWork(IntPredicate batch, Duration pause, Duration interval) {
    this.batch = batch;
    this.pause = pause;
    this.interval = interval;
  }

  /** Works off bulk operations. */
  static BulkWork operations(BulkStore store) {
    return new BulkWork(store::advance, Duration.ZERO, INTERVAL);
  }

  /** Indexes the fields of older jobs. */
  static BulkWork fieldIndex(BulkStore store) {
    return new BulkWork(store::indexFields, Duration.ZERO, INTERVAL);
  }

  /** Computes the fingerprints of dead letters that have none. */
  static BulkWork fingerprints(FailureStore store) {
    return new BulkWork(size -> store.fill(size) >= size, PAUSE, Duration.ofMinutes(1));
  }

  @Override
  public Duration run() {
    return batch.test(BATCH) ? pause : interval;
  }
}
