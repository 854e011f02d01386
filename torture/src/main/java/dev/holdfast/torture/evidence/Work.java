package dev.holdfast.torture.evidence;

/**
 * The payload: what the handler is to do before its {@link Deed}.
 *
 * @param runMillis how long it runs
 * @param times how often it fails or snoozes before it completes
 * @param delayMillis how long it snoozes, or waits for a retry
 * @param stubborn whether it ignores being told to end, and completes late
 */
public record Work(long runMillis, int times, long delayMillis, boolean stubborn) {}
