package dev.holdfast.spi;

import dev.holdfast.NodeId;

/**
 * A node that has not ended, as an observer sees it.
 *
 * @param id its incarnation
 * @param heartbeats how many there were; an observer that has seen this unchanged for a whole lease
 *     on its own monotonic clock may believe {@code lapsed}
 * @param lapsed whether its lease has run out by the store's clock
 */
public record NodeSeen(NodeId id, long heartbeats, boolean lapsed) {}
