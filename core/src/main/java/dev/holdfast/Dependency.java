package dev.holdfast;

/**
 * That a job waits for another one.
 *
 * @param on the job that is waited for: the predecessor
 * @param ifFailed what becomes of the waiting job when the predecessor fails or is cancelled
 */
public record Dependency(JobId on, IfFailed ifFailed) {}
