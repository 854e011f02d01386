package dev.holdfast.engine;

import dev.holdfast.error.BusyException;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.EngineListener;
import dev.holdfast.spi.EngineListener.RescueCause;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Takes over what dead nodes left running. Proof of a death is looked for often; silence is judged
 * by the lease. Any node does this for all others: there is no leader.
 */
final class Recovery implements Duty {
  private static final Duration PROOF_INTERVAL = Duration.ofMillis(250);
  private static final Duration LEASE_INTERVAL = Duration.ofSeconds(1);
  private static final Duration STRAY_INTERVAL = Duration.ofSeconds(15);

  /** The search for strays may read all that ever ran; it takes at most a hundredth of the time. */
  private static final int STRAY_REST = 100;

  private static final Duration SET_ASIDE_MAX = Duration.ofSeconds(2);

  private final JobStore store;
  private final Rescuer rescuer;
  private final NodeWatch watch;
  private final LapseSettlement lapses;
  private final Counts counts;
  private final EngineListener listener;
  private final TimeSource time;
  private final String by;
  private Optional<Long> leasesJudged = Optional.empty();
  private Optional<Long> straysSought = Optional.empty();
  private Duration strayInterval = STRAY_INTERVAL;
  private boolean isFirst = true;
  private final Map<Death, Later> setAside = new HashMap<>();

  /**
   * @param by the name of this node, for the history
   */
  Recovery(NodeServices services, Rescuer rescuer, NodeWatch watch, Counts counts, String by) {
    this.store = services.store();
    this.rescuer = rescuer;
    this.watch = watch;
    this.lapses = new LapseSettlement(services.store(), services.time());
    this.counts = counts;
    this.listener = services.handlers().listener();
    this.time = services.time();
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
    List<Death> deaths = new ArrayList<>(store.recovery().deaths());
    boolean judges = isDue(leasesJudged, LEASE_INTERVAL);
    if (judges) {
      leasesJudged = Optional.of(time.ticks());
      deaths.addAll(watch.judge(store.nodes().seen()));
    }
    setAside.keySet().retainAll(deaths);
    for (Death death : deaths) {
      if (setAside.getOrDefault(death, Later.NOW).isDue(time)) {
        recover(death, report);
      }
    }
    if (judges) {
      lapses.settle(watch.writing());
    }
    if (isDue(straysSought, strayInterval)) {
      long began = time.ticks();
      rescuer.rescueStrays(by, (orphan, end) -> rescued(orphan, end, report));
      straysSought = Optional.of(time.ticks());
      long rest = STRAY_REST * (time.ticks() - began);
      strayInterval = Duration.ofNanos(Math.max(STRAY_INTERVAL.toNanos(), rest));
    }
  }

  private boolean isDue(Optional<Long> last, Duration interval) {
    return last.map(ticks -> time.ticks() - ticks >= interval.toNanos()).orElse(true);
  }

  private void recover(Death death, RecoveryReport report) {
    Optional<NodeSeen> node =
        store.nodes().seen().stream().filter(seen -> seen.id().equals(death.node())).findFirst();
    boolean mayRunOn = death.isPresumed() && node.filter(seen -> !seen.lapsed()).isPresent();
    boolean isDone;
    try {
      isDone =
          rescuer.rescueFrom(death, mayRunOn, by, (orphan, end) -> rescued(orphan, end, report));
    } catch (BusyException held) {
      isDone = false; // a related row or table; other deaths are handled
    }
    if (isDone) {
      setAside.remove(death);
      Optional<Duration> silence = node.map(NodeSeen::silence);
      report.died(death, silence);
      silence.ifPresent(listener::recovered);
    } else {
      setAside.merge(death, Later.NOW, (before, none) -> before.again(time));
    }
  }

  private void rescued(Orphan orphan, Transition transition, RecoveryReport report) {
    report.rescued(orphan, transition);
    listener.rescued(orphan.type(), causeOf(orphan.death()));
  }

  private static RescueCause causeOf(Death death) {
    if (death.heartbeats().isEmpty()) {
      return RescueCause.CRASH;
    }
    return death.heartbeats().getAsLong() == Death.NOT_LIVING
        ? RescueCause.STRAY
        : RescueCause.LAPSE;
  }

  /** The time to look again at the rest of a dead node, whose rows others have locked. */
  private record Later(Duration backoff, long ticks) {
    private static final Later NOW = new Later(Duration.ZERO, 0);

    private Later again(TimeSource time) {
      Duration doubled = backoff.isZero() ? PROOF_INTERVAL : backoff.multipliedBy(2);
      Duration next = doubled.compareTo(SET_ASIDE_MAX) < 0 ? doubled : SET_ASIDE_MAX;
      return new Later(next, time.ticks() + next.toNanos());
    }

    private boolean isDue(TimeSource time) {
      return backoff.isZero() || time.ticks() - ticks >= 0;
    }
  }
}
