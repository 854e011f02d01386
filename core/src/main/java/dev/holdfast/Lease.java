package dev.holdfast;

/**
 * The right to run a job and to acknowledge it. It lives as long as its node's lease, which the
 * node's heartbeat renews; each claim makes a new one.
 *
 * @param job the job
 * @param token the fencing token: grows at every claim, requeue, recovery and cancellation, and
 *     with it every older lease of the job loses its right
 * @param attempt which attempt this is, from 1
 * @param node the holder
 */
public record Lease(JobId job, long token, int attempt, NodeId node) {}
