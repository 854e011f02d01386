package dev.holdfast.spi;

import dev.holdfast.NodeId;
import java.util.OptionalLong;

/**
 * A node that does not live any more. One that was judged by its silence may come back before the
 * judgement is carried out; then its heartbeats have moved, and nothing must be done to it.
 *
 * @param node the node
 * @param cause how that is known, for the history
 * @param heartbeats the judgement holds only while the node's count of heartbeats is this, {@link
 *     #NOT_LIVING} for a node that does not exist or has ended; empty when there is proof
 */
public record Death(NodeId node, String cause, OptionalLong heartbeats) {
  /** In place of a count, for a node that does not exist or has ended. */
  public static final long NOT_LIVING = -1;

  /** A death that is proven, whatever the node's row says. */
  public static Death proven(NodeId node, String cause) {
    return new Death(node, cause, OptionalLong.empty());
  }

  /** A death by silence: this many heartbeats, and then no more. */
  public static Death lapsed(NodeId node, String cause, long heartbeats) {
    return new Death(node, cause, OptionalLong.of(heartbeats));
  }

  /** A node that does not exist or has ended, and holds jobs all the same. */
  public static Death ended(NodeId node, String cause) {
    return new Death(node, cause, OptionalLong.of(NOT_LIVING));
  }
}
