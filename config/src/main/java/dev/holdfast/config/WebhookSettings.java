package dev.holdfast.config;

import java.time.Duration;

/**
 * How a server tells others what happened.
 *
 * @param mayCallLoopback whether this machine itself may be called
 * @param maxAttempts how often a delivery is tried
 * @param initialDelay after the first attempt
 * @param maxDelay the longest between two
 * @param alertInterval how often alerts are measured
 */
public record WebhookSettings(
    boolean mayCallLoopback,
    int maxAttempts,
    Duration initialDelay,
    Duration maxDelay,
    Duration alertInterval) {}
