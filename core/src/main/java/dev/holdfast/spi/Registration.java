package dev.holdfast.spi;

import java.time.Duration;

/**
 * The data that a node registered.
 *
 * @param serves queues and types that it runs
 * @param lease the length of its lease
 * @param hasEnded whether it has ended, or was found dead
 */
public record Registration(ServedWork serves, Duration lease, boolean hasEnded) {}
