package dev.holdfast.engine;

import dev.holdfast.NodeCommand;
import dev.holdfast.NodeId;
import dev.holdfast.NodePhase;
import dev.holdfast.Vitals;
import dev.holdfast.error.ConflictException;
import dev.holdfast.spi.Duty;
import dev.holdfast.spi.JobStore;
import java.time.Duration;

/** Renews the node's lease: one write, however many jobs it runs. */
final class Heartbeat implements Duty {
  /** One may be lost, and the next one delayed, without harm. */
  static final int BEATS_PER_LEASE = 3;

  private final NodeId node;
  private final Duration lease;
  private final JobStore store;
  private final LeaseTrust trust;
  private final Reporter reporter;

  /** The node as its heartbeats see it. */
  interface Reporter {
    NodePhase phase();

    Vitals vitals();

    /** Does what an operator wants the node to do. */
    void obey(NodeCommand command);
  }

  Heartbeat(NodeId node, Duration lease, JobStore store, LeaseTrust trust, Reporter reporter) {
    this.node = node;
    this.lease = lease;
    this.store = store;
    this.trust = trust;
    this.reporter = reporter;
  }

  @Override
  public Duration run() {
    LeaseTrust.Sent sent = trust.now();
    NodeCommand command;
    try {
      command = store.nodes().heartbeat(node, lease, reporter.phase(), reporter.vitals());
    } catch (ConflictException gone) { // the store is reachable, and has no lease for this node
      trust.refused();
      throw gone;
    }
    trust.renewed(sent);
    reporter.obey(command);
    return lease.dividedBy(BEATS_PER_LEASE);
  }
}
