package dev.holdfast.engine;

import dev.holdfast.NodeId;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.Locale;
import java.util.function.Supplier;

/** Renews the node's lease: one write, however many jobs it runs. */
final class Heartbeat implements Duty {
  /** One may be lost, and the next one delayed, without harm. */
  static final int BEATS_PER_LEASE = 3;

  private final NodeId node;
  private final Duration lease;
  private final JobStore store;
  private final LeaseTrust trust;
  private final TimeSource time;
  private final Supplier<Node.Phase> phase;

  Heartbeat(
      NodeId node,
      Duration lease,
      JobStore store,
      LeaseTrust trust,
      TimeSource time,
      Supplier<Node.Phase> phase) {
    this.node = node;
    this.lease = lease;
    this.store = store;
    this.trust = trust;
    this.time = time;
    this.phase = phase;
  }

  @Override
  public Duration run() {
    long sent = time.ticks();
    store.heartbeat(node, lease, phase.get().name().toLowerCase(Locale.ROOT));
    trust.renewed(sent);
    return lease.dividedBy(BEATS_PER_LEASE);
  }
}
