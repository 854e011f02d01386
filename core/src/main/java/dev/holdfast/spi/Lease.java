package dev.holdfast.spi;

import dev.holdfast.JobId;
import dev.holdfast.NodeId;
import dev.holdfast.error.StaleLeaseException;

/**
 * The right to run a job and to acknowledge it. It lasts as long as its node's lease, which the
 * heartbeat renews; each claim creates a new one.
 *
 * @param job the job
 * @param token the fencing token: grows at every claim, requeue, recovery and cancellation, which
 *     invalidates all older leases of the job
 * @param attempt the number of the attempt, from 1
 * @param node the holder
 */
public record Lease(JobId job, long token, int attempt, NodeId node) {

  /** Returns the exception for a call under this lease after it has ended. */
  public StaleLeaseException stale() {
    return new StaleLeaseException(
        "job %s attempt %d: the lease with token %d of node %s has ended; its result was discarded"
            .formatted(job, attempt, token, node));
  }
}
