package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.Lease;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.Transition;
import dev.holdfast.Vitals.Counter;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.Rescue;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Puts what dead nodes left running through the transitions of its types, or of the one policy that
 * an operator named for all.
 */
final class Rescuer {
  private static final int BATCH = 500;

  /** Told of each job that was taken over. */
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
   * @param word what becomes of all jobs, if an operator said so
   */
  Rescuer(JobStore store, Interruptions interruptions, Optional<RecoveryPolicy> word) {
    this.store = store;
    this.interruptions = interruptions;
    this.word = word;
  }

  /**
   * Takes over all that a dead node holds, and buries it.
   *
   * @return false if somebody else was faster, or the node has come back
   */
  boolean rescueFrom(Death death, String by, Listener listener) {
    int rescued;
    do {
      List<Orphan> orphans = store.orphans(List.of(death), BATCH);
      rescued = rescue(orphans, by, listener);
      if (rescued == 0 && !orphans.isEmpty()) {
        return false; // the next look tells
      }
    } while (rescued > 0);
    store.bury(death);
    return true;
  }

  /**
   * Takes over running jobs whose node does not exist or has ended.
   *
   * @return how many; at most a portion of them
   */
  int rescueStrays(String by, Listener listener) {
    return rescue(store.strays(BATCH), by, listener);
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
    Set<Lease> rescued = Set.copyOf(store.rescue(rescues, by));
    for (int i = 0; i < orphans.size(); i++) {
      if (rescued.contains(orphans.get(i).lease())) {
        listener.rescued(orphans.get(i), rescues.get(i).transition());
      }
    }
    return rescued.size();
  }

  /** Whoever resumes all says with it that the deaths were no fault of the jobs. */
  private boolean isCrash(Orphan orphan) {
    return orphan.began() && !word.equals(Optional.of(RecoveryPolicy.RESUME));
  }

  private Transition transition(Orphan orphan) {
    String cause = orphan.death().cause();
    if (word.isPresent()) {
      return Interruptions.transition(word.get(), cause);
    }
    return orphan.began()
        ? interruptions.afterCrash(
            orphan.lease().job(),
            orphan.type(),
            orphan.lease().attempt(),
            orphan.crashes() + 1,
            cause,
            orphan.recovery())
        : new Transition.Release(cause);
  }

  /** Under which name a rescue is counted. */
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
      case RELEASE, COMPLETE, RETRY, SNOOZE, AWAIT -> Counter.RESUMED;
    };
  }
}
