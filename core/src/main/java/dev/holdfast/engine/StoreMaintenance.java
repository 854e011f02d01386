package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.Finding;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.Maintenance;
import dev.holdfast.MonitorConfig.Action;
import dev.holdfast.NodeId;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Retention;
import dev.holdfast.check.Durations;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.RunningJob;
import dev.holdfast.spi.Sweep;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Checks and repairs at an operator's request. It recovers jobs without waiting for the next
 * search.
 */
public final class StoreMaintenance implements Maintenance {
  private static final int BATCH = 500;

  private final JobStore store;
  private final Interruptions interruptions;

  /**
   * @param handlers the types whose policies decide here
   */
  public StoreMaintenance(JobStore store, Handlers handlers) {
    this.store = store;
    this.interruptions = new Interruptions(handlers);
  }

  @Override
  public List<Finding> examine() {
    return store.maintenance().examine();
  }

  @Override
  public List<JobId> recoverStuck(
      Duration longerThan, JobFilter filter, Action action, int limit, String by) {
    if (limit < 1 || limit > Limits.RECOVER_MAX) {
      throw new InvalidRequestException(
          "a limit must be 1 to %,d, was %,d".formatted(Limits.RECOVER_MAX, limit));
    }
    Set<JobId> taken = new LinkedHashSet<>();
    Set<JobId> tried = new HashSet<>(); // others hold some of them; those taken may even run again
    while (taken.size() < limit) {
      int most = Math.min(BATCH, limit - taken.size());
      int held = tried.size() - taken.size();
      List<RunningJob> jobs =
          store.recovery().running(longerThan, filter, most + held).stream()
              .filter(job -> tried.add(job.lease().job()))
              .limit(most)
              .toList();
      if (jobs.isEmpty()) {
        break;
      }
      store
          .recovery()
          .rescue(jobs.stream().map(job -> rescue(job, action, by)).toList(), by)
          .forEach(lease -> taken.add(lease.job()));
    }
    return List.copyOf(taken);
  }

  /** A person decides, so no crash is counted. */
  private static Rescue rescue(RunningJob job, Action action, String by) {
    String why = "it ran for %s; recovered by %s".formatted(Durations.format(job.ran()), by);
    Transition transition =
        switch (action) {
          case RETRY -> new Transition.Release(why);
          case FAIL -> new Transition.Fail(Failure.of(Failure.Kind.OPERATOR, why));
        };
    return Rescue.regardless(job.lease(), transition, false, why);
  }

  /** Recovers what dead nodes left. A lease that has run out is believed at once. */
  @Override
  public List<JobId> recoverDead(@Nullable RecoveryPolicy policy, String by) {
    Rescuer rescuer = new Rescuer(store, interruptions, Optional.ofNullable(policy));
    List<Death> deaths = new ArrayList<>(store.recovery().deaths());
    Set<Object> proven = deaths.stream().map(Death::node).collect(Collectors.toSet());
    List<NodeSeen> nodes = store.nodes().seen();
    Set<NodeId> leased =
        nodes.stream().filter(node -> !node.lapsed()).map(NodeSeen::id).collect(Collectors.toSet());
    nodes.stream()
        .filter(node -> node.lapsed() && !proven.contains(node.id()))
        .map(StoreMaintenance::lapsed)
        .forEach(deaths::add);
    List<JobId> recovered = new ArrayList<>();
    Rescuer.Listener listener = (orphan, transition) -> recovered.add(orphan.lease().job());
    for (Death death : deaths) {
      boolean mayRunOn = death.isPresumed() && leased.contains(death.node());
      rescuer.rescueFrom(death, mayRunOn, by, listener);
    }
    rescuer.rescueStrays(by, listener);
    return recovered;
  }

  private static Death lapsed(NodeSeen node) {
    return Death.lapsed(node.id(), "its lease had run out", node.heartbeats());
  }

  @Override
  public List<JobId> removeOld(Retention retention) {
    List<JobId> removed = new ArrayList<>();
    Optional<JobId> next = Optional.empty();
    do {
      Sweep step = store.maintenance().sweep(retention, next, Sweeper.STEP);
      removed.addAll(step.removed());
      next = step.next();
    } while (next.isPresent());
    return removed;
  }
}
