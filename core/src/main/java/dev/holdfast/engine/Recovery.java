package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.Transition;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes over what dead nodes left running. Proof of a death is looked for often; silence is judged
 * by the lease. Any node does this for all others: there is no leader.
 */
final class Recovery implements Duty {
  private static final Logger log = LoggerFactory.getLogger(Recovery.class);
  private static final Duration PROOF_INTERVAL = Duration.ofMillis(250);
  private static final Duration LEASE_INTERVAL = Duration.ofSeconds(1);
  private static final Duration STRAY_INTERVAL = Duration.ofSeconds(15);
  private static final int BATCH = 500;

  /** A job whose process died this often while it ran is failed: it may be what kills. */
  static final int CRASHES_MAX = 3;

  private final JobStore store;
  private final Handlers handlers;
  private final NodeWatch watch;
  private final TimeSource time;
  private final String by;
  private Optional<Long> leasesJudged = Optional.empty();
  private Optional<Long> straysSought = Optional.empty();

  Recovery(JobStore store, Handlers handlers, NodeWatch watch, TimeSource time, String by) {
    this.store = store;
    this.handlers = handlers;
    this.watch = watch;
    this.time = time;
    this.by = by;
  }

  @Override
  public Duration run() {
    List<Death> deaths = new ArrayList<>(store.deaths());
    if (isDue(leasesJudged, LEASE_INTERVAL)) {
      leasesJudged = Optional.of(time.ticks());
      deaths.addAll(watch.judge(store.nodes()));
    }
    for (Death death : deaths) {
      recover(death);
    }
    if (isDue(straysSought, STRAY_INTERVAL)) {
      straysSought = Optional.of(time.ticks());
      recoverStrays();
    }
    return PROOF_INTERVAL;
  }

  private boolean isDue(Optional<Long> last, Duration interval) {
    return last.map(ticks -> time.ticks() - ticks >= interval.toNanos()).orElse(true);
  }

  private void recover(Death death) {
    int found = 0;
    int rescued;
    do {
      List<Orphan> orphans = store.orphans(List.of(death), BATCH);
      rescued = rescue(orphans);
      if (rescued == 0 && !orphans.isEmpty()) {
        return; // somebody else was faster, or the node has come back: the next look tells
      }
      found += rescued;
    } while (rescued > 0);
    store.bury(death);
    log.atInfo()
        .addKeyValue("node", death.node())
        .addKeyValue("jobs", found)
        .log("A node is dead: {}. Its jobs were recovered.", death.cause());
  }

  private void recoverStrays() {
    List<Orphan> strays = store.strays(BATCH);
    if (!strays.isEmpty()) {
      int found = rescue(strays);
      log.atWarn()
          .addKeyValue("jobs", found)
          .log("Running jobs without a living node were recovered.");
    }
  }

  private int rescue(List<Orphan> orphans) {
    if (orphans.isEmpty()) {
      return 0;
    }
    return store.rescue(orphans.stream().map(this::decide).toList(), by);
  }

  private Rescue decide(Orphan orphan) {
    boolean crashed = orphan.began();
    Transition transition =
        crashed ? afterCrash(orphan) : new Transition.Release(orphan.death().cause());
    return new Rescue(orphan.lease(), transition, crashed, orphan.death());
  }

  private Transition afterCrash(Orphan orphan) {
    int crashes = orphan.crashes() + 1;
    if (crashes >= CRASHES_MAX) {
      return new Transition.Fail(
          Failure.of(
              Failure.Kind.CRASH_LOOP,
              "its process died %d times while it ran; last: %s"
                  .formatted(crashes, orphan.death().cause())));
    }
    return switch (handlers.recovery(orphan.type())) {
      case RESUME -> new Transition.Release(orphan.death().cause());
      case HOLD -> new Transition.Hold(orphan.death().cause());
      case FAIL -> new Transition.Fail(Failure.of(Failure.Kind.CRASH, orphan.death().cause()));
    };
  }
}
