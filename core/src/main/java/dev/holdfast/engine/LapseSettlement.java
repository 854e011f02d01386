package dev.holdfast.engine;

import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lapse;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Settles lapses: a node that has not come back one lease after its jobs were taken has died, and
 * they are charged with a crash. The time is measured on this observer's own clock, and only while
 * it can write itself. Should the node come back even later, the crash is taken back.
 */
final class LapseSettlement {
  private static final Logger log = LoggerFactory.getLogger(LapseSettlement.class);
  private static final int BATCH = 500;

  private final JobStore store;
  private final TimeSource time;
  private Map<Lease, Long> seenBefore = Map.of(); // in the last walk over all
  private Map<Lease, Long> seen = new HashMap<>(); // in this one
  private Optional<Lease> after = Optional.empty(); // where the walk goes on

  LapseSettlement(JobStore store, TimeSource time) {
    this.store = store;
    this.time = time;
  }

  /**
   * Settles those that are known to be crashes or lapses, of the next part: each turn goes on where
   * the last one ended, so that those whose rows others hold hide no others.
   *
   * @param writing how long this observer has been able to write
   */
  void settle(Duration writing) {
    List<Lapse> open = store.recovery().lapses(after, BATCH);
    long now = time.ticks();
    List<Lapse> known = new ArrayList<>();
    for (Lapse lapse : open) {
      long since = seenBefore.getOrDefault(lapse.lease(), now);
      seen.put(lapse.lease(), since);
      long waited = Math.min(now - since, writing.toNanos());
      if (lapse.returned() || waited >= lapse.patience().toNanos()) {
        known.add(lapse);
      }
    }
    goOnAfter(open);
    if (!known.isEmpty()) {
      store.recovery().settle(known).forEach(LapseSettlement::report);
    }
  }

  private void goOnAfter(List<Lapse> part) {
    if (part.size() == BATCH) {
      after = Optional.of(part.get(BATCH - 1).lease());
      return;
    }
    after = Optional.empty();
    seenBefore = seen;
    seen = new HashMap<>();
  }

  private static void report(Lapse lapse) {
    log.atInfo()
        .addKeyValue("job", lapse.lease().job())
        .addKeyValue("attempt", lapse.lease().attempt())
        .addKeyValue("node", lapse.lease().node())
        .log(
            lapse.returned()
                ? "The node has come back: the job is not charged with a crash any more."
                : "The node has not come back: the job is charged with a crash.");
  }
}
