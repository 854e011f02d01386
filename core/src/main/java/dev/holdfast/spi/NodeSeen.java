package dev.holdfast.spi;

import dev.holdfast.NodeId;
import java.time.Duration;

/**
 * A node that has not ended, as seen by an observer.
 *
 * @param id its id
 * @param heartbeats number of heartbeats so far; an observer that has seen it unchanged for a whole
 *     lease on its own monotonic clock may trust {@code lapsed}
 * @param lease length of its lease
 * @param lapsed whether its lease has expired by the store's clock
 * @param silence time since its last heartbeat, by the store's clock
 */
public record NodeSeen(
    NodeId id, long heartbeats, Duration lease, boolean lapsed, Duration silence) {}
