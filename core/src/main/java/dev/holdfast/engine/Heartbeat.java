package dev.holdfast.engine;

import dev.holdfast.ConflictException;
import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.Vitals;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.JobStore;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Renews the node's lease: one write, however many jobs it runs. */
final class Heartbeat implements Duty {
  /** One may be lost, and the next one delayed, without harm. */
  static final int BEATS_PER_LEASE = 3;

  private final NodeId node;
  private final Duration lease;
  private final JobStore store;
  private final LeaseTrust trust;
  private final Supplier<NodePhase> phase;
  private final Supplier<Vitals> vitals;
  private final Consumer<NodeCommand> onOrder;

  Heartbeat(
      NodeId node,
      Duration lease,
      JobStore store,
      LeaseTrust trust,
      Supplier<NodePhase> phase,
      Supplier<Vitals> vitals,
      Consumer<NodeCommand> onOrder) {
    this.node = node;
    this.lease = lease;
    this.store = store;
    this.trust = trust;
    this.phase = phase;
    this.vitals = vitals;
    this.onOrder = onOrder;
  }

  @Override
  public Duration run() {
    LeaseTrust.Sent sent = trust.now();
    NodeCommand order;
    try {
      order = store.nodes().heartbeat(node, lease, phase.get(), vitals.get());
    } catch (ConflictException gone) { // the store is reachable, and has no lease for this node
      trust.refused();
      throw gone;
    }
    trust.renewed(sent);
    onOrder.accept(order);
    return lease.dividedBy(BEATS_PER_LEASE);
  }
}
