package dev.holdfast.spi;

import dev.holdfast.NodeId;
import java.time.Duration;

/**
 * A node that has not ended, as an observer sees it.
 *
 * @param id its incarnation
 * @param heartbeats how many there were; an observer that has seen this unchanged for the whole of
 *     that lease on its own monotonic clock may believe {@code lapsed}
 * @param lease how long its lease is
 * @param lapsed whether its lease has run out by the store's clock
 * @param silence how long ago its newest heartbeat was, by the store's clock
 */
public record NodeSeen(
    NodeId id, long heartbeats, Duration lease, boolean lapsed, Duration silence) {}
