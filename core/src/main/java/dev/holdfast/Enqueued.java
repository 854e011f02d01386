package dev.holdfast;

/**
 * The result of an enqueue; once it is returned, the job is durable.
 *
 * @param id the job
 * @param duplicate whether the idempotency key was known, so that {@code id} is the earlier job
 */
public record Enqueued(JobId id, boolean duplicate) {}
