package dev.holdfast;

/**
 * The answer to an enqueue; when it is there, the job is durable.
 *
 * @param id the job
 * @param duplicate whether the idempotency key was known, so that {@code id} is the earlier job
 */
public record Enqueued(JobId id, boolean duplicate) {}
