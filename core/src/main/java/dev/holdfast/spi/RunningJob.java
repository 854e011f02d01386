package dev.holdfast.spi;

import java.time.Duration;
import java.util.Optional;

/**
 * A RUNNING job and its run time.
 *
 * @param lease its lease
 * @param type its type
 * @param crashes number of its crashes
 * @param maxAttempts maximum number of attempts
 * @param ran its run time, by the store's clock
 * @param timeout its own time-out, if it has one
 * @param live whether its node's lease has not expired
 */
public record RunningJob(
    Lease lease,
    String type,
    int crashes,
    int maxAttempts,
    Duration ran,
    Optional<Duration> timeout,
    boolean live) {}
