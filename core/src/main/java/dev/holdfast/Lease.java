package dev.holdfast;

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
public record Lease(JobId job, long token, int attempt, NodeId node) {}
