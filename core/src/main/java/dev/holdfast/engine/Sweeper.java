package dev.holdfast.engine;

import dev.holdfast.JobId;
import dev.holdfast.Retention;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Sweep;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Removes jobs past their retention, in small steps. */
final class Sweeper implements Duty {
  private static final Logger log = LoggerFactory.getLogger(Sweeper.class);

  /** Jobs in one transaction: few, as others wait for it. */
  static final int STEP = 500;

  private static final Duration FIRST = Duration.ofSeconds(30);
  private static final Duration PAUSE = Duration.ofMillis(50);

  private final Retention retention;
  private final JobStore store;
  private Optional<JobId> next = Optional.empty();
  private boolean hasStarted;
  private int removed;

  Sweeper(Retention retention, JobStore store) {
    this.retention = retention;
    this.store = store;
  }

  @Override
  public Duration run() {
    if (!hasStarted) {
      hasStarted = true;
      return FIRST.compareTo(retention.interval()) < 0 ? FIRST : retention.interval();
    }
    Sweep step = store.maintenance().sweep(retention, next, STEP);
    next = step.next();
    removed += step.removed().size();
    if (next.isPresent() || step.others() >= STEP) {
      return PAUSE;
    }
    if (removed > 0) {
      log.info("Retention removed {} finished jobs.", removed);
      removed = 0;
    }
    return retention.interval();
  }
}
