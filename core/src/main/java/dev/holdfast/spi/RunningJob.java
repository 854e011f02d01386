package dev.holdfast.spi;

import dev.holdfast.Lease;
import java.time.Duration;
import java.util.Optional;

/**
 * A RUNNING job, and for how long.
 *
 * @param lease its lease
 * @param type its type
 * @param crashes how often its process died
 * @param ran since when it runs, by the store's clock
 * @param timeout its own limit, if it has one
 * @param live whether its node's lease has not run out
 */
public record RunningJob(
    Lease lease,
    String type,
    int crashes,
    Duration ran,
    Optional<Duration> timeout,
    boolean live) {}
