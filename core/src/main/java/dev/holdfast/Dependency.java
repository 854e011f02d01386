package dev.holdfast;

/**
 * A wait of one job for another.
 *
 * @param on the predecessor
 * @param ifFailed what happens to the waiting job when the predecessor fails or is cancelled
 */
public record Dependency(JobId on, OnPredecessorFailure ifFailed) {}
