package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.InvalidRequestException;
import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.Lease;
import dev.holdfast.Limits;
import dev.holdfast.MonitorConfig.Action;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Transition;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.NodeSeen;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.RunningJob;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What a person can recover by hand, and need not wait for. */
final class OperatorRecovery {
  private static final int BATCH = 500;

  private final JobStore store;
  private final Interruptions interruptions;

  OperatorRecovery(JobStore store, Handlers handlers) {
    this.store = store;
    this.interruptions = new Interruptions(handlers);
  }

  /** Takes jobs that run for long from their nodes, whether those live or not. */
  List<JobId> stuck(Duration longerThan, JobFilter filter, Action action, int limit, String by) {
    if (limit < 1 || limit > Limits.RECOVER_MAX) {
      throw new InvalidRequestException(
          "a limit must be 1 to %,d, was %,d".formatted(Limits.RECOVER_MAX, limit));
    }
    Set<JobId> taken = new LinkedHashSet<>();
    while (taken.size() < limit) {
      int most = Math.min(BATCH, limit - taken.size());
      List<RunningJob> found = store.running(longerThan, filter, most);
      List<RunningJob> jobs = found.stream().filter(job -> !isTaken(job, taken)).toList();
      List<Lease> ended =
          store.rescue(jobs.stream().map(job -> rescue(job, action, by)).toList(), by);
      ended.forEach(lease -> taken.add(lease.job()));
      if (found.size() < most || ended.isEmpty()) {
        break;
      }
    }
    return List.copyOf(taken);
  }

  /** It may run again already; once is enough. */
  private static boolean isTaken(RunningJob job, Set<JobId> taken) {
    return taken.contains(job.lease().job());
  }

  /** A person decides, so no crash is counted. */
  private static Rescue rescue(RunningJob job, Action action, String by) {
    String why = "it ran for %s; recovered by %s".formatted(job.ran(), by);
    Transition transition =
        switch (action) {
          case RETRY -> new Transition.Release(why);
          case FAIL -> new Transition.Fail(Failure.of(Failure.Kind.OPERATOR, why));
        };
    return Rescue.regardless(job.lease(), transition, false, why);
  }

  /** Recovers what dead nodes left. A lease that has run out is believed at once. */
  List<JobId> dead(Optional<RecoveryPolicy> policy, String by) {
    Rescuer rescuer = new Rescuer(store, interruptions, policy);
    List<Death> deaths = new ArrayList<>(store.deaths());
    Set<Object> proven = deaths.stream().map(Death::node).collect(Collectors.toSet());
    store.nodes().stream()
        .filter(node -> node.lapsed() && !proven.contains(node.id()))
        .map(OperatorRecovery::lapsed)
        .forEach(deaths::add);
    List<JobId> recovered = new ArrayList<>();
    Rescuer.Listener listener = (orphan, transition) -> recovered.add(orphan.lease().job());
    deaths.forEach(death -> rescuer.rescueFrom(death, by, listener));
    while (rescuer.rescueStrays(by, listener) > 0) {
      // a portion at a time, until there are none
    }
    return recovered;
  }

  private static Death lapsed(NodeSeen node) {
    return Death.lapsed(node.id(), "its lease had run out", node.heartbeats());
  }
}
