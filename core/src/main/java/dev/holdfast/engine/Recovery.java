package dev.holdfast.engine;

import dev.holdfast.spi.Death;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Takes over what dead nodes left running. Proof of a death is looked for often; silence is judged
 * by the lease. Any node does this for all others: there is no leader.
 */
final class Recovery implements Duty {
  private static final Duration PROOF_INTERVAL = Duration.ofMillis(250);
  private static final Duration LEASE_INTERVAL = Duration.ofSeconds(1);
  private static final Duration STRAY_INTERVAL = Duration.ofSeconds(15);

  /**
   * Looking for strays may walk over all that ever ran; it takes a hundredth of the time at most.
   */
  private static final int STRAY_REST = 100;

  private final JobStore store;
  private final Rescuer rescuer;
  private final NodeWatch watch;
  private final Counts counts;
  private final TimeSource time;
  private final String by;
  private Optional<Long> leasesJudged = Optional.empty();
  private Optional<Long> straysSought = Optional.empty();
  private Duration strayInterval = STRAY_INTERVAL;
  private boolean isFirst = true;

  Recovery(
      JobStore store, Rescuer rescuer, NodeWatch watch, Counts counts, TimeSource time, String by) {
    this.store = store;
    this.rescuer = rescuer;
    this.watch = watch;
    this.counts = counts;
    this.time = time;
    this.by = by;
  }

  @Override
  public Duration run() {
    RecoveryReport report = new RecoveryReport(isFirst);
    try {
      look(report);
    } finally {
      report.countIn(counts); // an error does not undo what was done before it
      report.write();
    }
    report.end();
    isFirst = false;
    return PROOF_INTERVAL;
  }

  private void look(RecoveryReport report) {
    List<Death> deaths = new ArrayList<>(store.deaths());
    if (isDue(leasesJudged, LEASE_INTERVAL)) {
      leasesJudged = Optional.of(time.ticks());
      deaths.addAll(watch.judge(store.nodes()));
    }
    for (Death death : deaths) {
      recover(death, report);
    }
    if (isDue(straysSought, strayInterval)) {
      long began = time.ticks();
      rescuer.rescueStrays(by, report::rescued);
      straysSought = Optional.of(time.ticks());
      long rest = STRAY_REST * (time.ticks() - began);
      strayInterval = Duration.ofNanos(Math.max(STRAY_INTERVAL.toNanos(), rest));
    }
  }

  private boolean isDue(Optional<Long> last, Duration interval) {
    return last.map(ticks -> time.ticks() - ticks >= interval.toNanos()).orElse(true);
  }

  private void recover(Death death, RecoveryReport report) {
    Optional<Duration> silence =
        store.nodes().stream()
            .filter(node -> node.id().equals(death.node()))
            .findFirst()
            .map(NodeSeen::silence);
    if (rescuer.rescueFrom(death, by, report::rescued)) {
      report.died(death, silence);
    }
  }
}
