package dev.holdfast.spi;

import dev.holdfast.NodeId;

/**
 * A node that does not live any more.
 *
 * @param node the node
 * @param cause how that is known, for the history
 */
public record Death(NodeId node, String cause) {}
