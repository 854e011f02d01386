package dev.holdfast.config;

import java.time.Duration;

/**
 * Settings of webhook deliveries.
 *
 * @param mayCallLoopback whether this machine itself may be called
 * @param maxAttempts number of attempts per delivery
 * @param initialDelay the delay after the first attempt
 * @param maxDelay the longest delay between two attempts
 * @param alertInterval how often alerts are measured
 */
public record WebhookSettings(
    boolean mayCallLoopback,
    int maxAttempts,
    Duration initialDelay,
    Duration maxDelay,
    Duration alertInterval) {}
