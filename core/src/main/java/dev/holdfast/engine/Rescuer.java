package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.JobId;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Vitals.Counter;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Transition;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * Puts what dead nodes left running through the transitions of its types, or of the one policy that
 * an operator named for all.
 */
final class Rescuer {
  private static final int BATCH = 500;

  /** Receives each job that was taken over. */
  @FunctionalInterface
  interface Listener {
    /**
     * A job was taken over.
     *
     * @param orphan what was found
     * @param transition what has become of it
     */
    void rescued(Orphan orphan, Transition transition);
  }

  private final JobStore store;
  private final Interruptions interruptions;
  private final Optional<RecoveryPolicy> word;

  Rescuer(JobStore store, Interruptions interruptions) {
    this(store, interruptions, Optional.empty());
  }

  /**
   * @param word the policy for all jobs, if an operator chose one
   */
  Rescuer(JobStore store, Interruptions interruptions, Optional<RecoveryPolicy> word) {
    this.store = store;
    this.interruptions = interruptions;
    this.word = word;
  }

  /**
   * Takes over all leases of a dead node, and ends it. Rows that others have locked are left for
   * the next look, and the node does not end before that is taken over as well.
   *
   * @param mayRunOn whether its lease has not ended, so that its process may live: then its
   *     exclusive jobs stay there
   * @return whether all is done; not if another node was faster, the node has come back, or jobs
   *     remain there
   */
  boolean rescueFrom(Death death, boolean mayRunOn, String by, Listener listener) {
    Portions portions =
        new Portions(
            after -> store.recovery().orphans(List.of(death), after, BATCH),
            orphan -> !(mayRunOn && interruptions.isExclusive(orphan)));
    portions.rescue(by, listener);
    if (portions.left > 0) {
      return false; // the next look finds out
    }
    store.recovery().deregister(death);
    return true;
  }

  /**
   * Takes over running jobs whose node does not exist or has ended, but for those that others hold.
   *
   * @return how many
   */
  int rescueStrays(String by, Listener listener) {
    Portions portions = new Portions(after -> store.recovery().strays(after, BATCH), stray -> true);
    portions.rescue(by, listener);
    return portions.rescued;
  }

  /** A walk over jobs in the order of their ids, so that those that must be left hide no others. */
  private final class Portions {
    private final Function<Optional<JobId>, List<Orphan>> next;
    private final Predicate<Orphan> mayTake;
    private int rescued;
    private int left;

    private Portions(Function<Optional<JobId>, List<Orphan>> next, Predicate<Orphan> mayTake) {
      this.next = next;
      this.mayTake = mayTake;
    }

    private void rescue(String by, Listener listener) {
      List<Orphan> orphans = next.apply(Optional.empty());
      while (!orphans.isEmpty()) {
        List<Orphan> free = orphans.stream().filter(mayTake).toList();
        int done = Rescuer.this.rescue(free, by, listener);
        rescued += done;
        left += orphans.size() - done;
        JobId last = orphans.get(orphans.size() - 1).lease().job();
        orphans = next.apply(Optional.of(last));
      }
    }
  }

  private int rescue(List<Orphan> orphans, String by, Listener listener) {
    if (orphans.isEmpty()) {
      return 0;
    }
    List<Rescue> rescues = new ArrayList<>();
    for (Orphan orphan : orphans) {
      rescues.add(
          Rescue.after(orphan.death(), orphan.lease(), transition(orphan), isCrash(orphan)));
    }
    Set<Lease> rescued = Set.copyOf(store.recovery().rescue(rescues, by));
    for (int i = 0; i < orphans.size(); i++) {
      if (rescued.contains(orphans.get(i).lease())) {
        listener.rescued(orphans.get(i), rescues.get(i).transition());
      }
    }
    return rescued.size();
  }

  /** Returns whether it counts as a crash; resuming all means that the jobs were not at fault. */
  private boolean isCrash(Orphan orphan) {
    return orphan.began() && !word.equals(Optional.of(RecoveryPolicy.RESUME));
  }

  private Transition transition(Orphan orphan) {
    String cause = orphan.death().cause();
    if (word.isPresent()) {
      return Interruptions.transition(word.get(), cause, Failure.Kind.CRASH);
    }
    return orphan.began() ? interruptions.afterLoss(orphan) : new Transition.Release(cause);
  }

  /** Returns the counter of a rescue. */
  static Counter counter(Orphan orphan, Transition transition) {
    if (!orphan.began()) {
      return Counter.RETURNED;
    }
    return switch (transition.kind()) {
      case HOLD -> Counter.HELD;
      case FAIL ->
          ((Transition.Fail) transition).failure().kind() == Failure.Kind.CRASH_LOOP
              ? Counter.CRASH_LOOPS
              : Counter.FAILED;
      case RELEASE, COMPLETE, RETRY, SNOOZE, AWAIT, SLEEP, SUSPEND -> Counter.RESUMED;
    };
  }
}
