package dev.holdfast.engine;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Compares the leases that the store has for this node with those that the node knows. Run by the
 * {@link Worker}, on its thread, between exchanges.
 */
final class Reconciliation {
  /** Interval without an error; a database may have been restored to an older state. */
  private static final Duration INTERVAL = Duration.ofMinutes(1);

  /** Interval while a claim of unknown outcome may still be committed. */
  static final Duration UNSETTLED_INTERVAL = Duration.ofSeconds(1);

  /** It may read all that this node ever ran; it takes at most a hundredth of the time. */
  private static final int REST = 100;

  private static final int UNSETTLED_REST = 10; // times as long as the look took

  private final NodeId node;
  private final JobStore store;
  private final Slots slots;
  private final Acknowledgements acknowledgements;
  private final Watch watch;
  private final TimeSource time;
  private volatile boolean mustReconcile;
  private volatile boolean mustCheck;
  private long reconcileAt; // the worker's thread only, like all below
  private boolean isUnsettled;
  private long lookAgainAt;

  Reconciliation(
      NodeId node,
      NodeServices services,
      Slots slots,
      Acknowledgements acknowledgements,
      Watch watch) {
    this.node = node;
    this.store = services.store();
    this.slots = slots;
    this.acknowledgements = acknowledgements;
    this.watch = watch;
    this.time = services.time();
    this.reconcileAt = time.ticks() + INTERVAL.toNanos();
  }

  /** Compares all leases at the next turn, as a claim of unknown outcome may have happened. */
  void reconcileSoon() {
    mustReconcile = true;
  }

  /** Checks, at the next turn, whether the store still has this node's leases. */
  void checkSoon() {
    mustCheck = true;
  }

  /** Returns whether a claim of unknown outcome may still be committed. */
  boolean isUnsettled() {
    return isUnsettled;
  }

  /** Does what is due now. */
  void runIfDue() {
    if (mustReconcile || isTimeToLookAgain() || (mustCheck && isPast(reconcileAt))) {
      reconcile();
    } else if (mustCheck) {
      check();
    }
  }

  private boolean isPast(long ticks) {
    return time.ticks() - ticks >= 0;
  }

  private boolean isTimeToLookAgain() {
    return isUnsettled && isPast(lookAgainAt);
  }

  /**
   * A lease that only the store knows came from a claim whose answer was lost: it is released. A
   * lease that only this node knows was taken from it: its handler is stopped. As long as such a
   * claim may still be committed, this is done again and again.
   */
  private void reconcile() {
    long began = time.ticks();
    isUnsettled =
        store.recovery().hasUnsettled(); // before the look: what is settled now, the look sees
    List<Lease> held = store.nodes().held(node);
    long took = time.ticks() - began;
    reconcileAt = began + Math.max(INTERVAL.toNanos(), REST * took);
    lookAgainAt = began + Math.max(UNSETTLED_INTERVAL.toNanos(), UNSETTLED_REST * took);
    mustReconcile = false;
    mustCheck = false;
    Set<Lease> here = new HashSet<>();
    slots.all().forEach(attempt -> here.add(attempt.lease()));
    here.addAll(acknowledgements.leases());
    for (Lease lease : held) {
      if (!here.contains(lease)) {
        acknowledgements.submit(Acknowledgement.unbegun(lease));
      }
    }
    stopUnlessHeld(Set.copyOf(held));
  }

  /** A lease that was taken from this node stops its handler. */
  private void check() {
    List<JobId> here = slots.all().stream().map(attempt -> attempt.lease().job()).toList();
    mustCheck = false;
    if (!here.isEmpty()) {
      stopUnlessHeld(Set.copyOf(store.nodes().held(node, here)));
    }
  }

  private void stopUnlessHeld(Set<Lease> inStore) {
    for (Attempt attempt : slots.all()) {
      if (!inStore.contains(attempt.lease()) && !attempt.isCompletedInTransaction()) {
        attempt.stop(Stop.REVOKED);
        watch.stopped();
      }
    }
  }
}
