package dev.holdfast.spi;

import dev.holdfast.NodeId;
import dev.holdfast.RecoveryRecord.Cause;
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
  /** Replaces the count for a node that does not exist or has ended. */
  public static final long NOT_LIVING = -1;

  /** Creates a proven death, independent of the node's row. */
  public static Death proven(NodeId node, String cause) {
    return new Death(node, cause, OptionalLong.empty());
  }

  /** A death by silence: this many heartbeats, and then no more. */
  public static Death lapsed(NodeId node, String cause, long heartbeats) {
    return new Death(node, cause, OptionalLong.of(heartbeats));
  }

  /**
   * Returns whether it follows from missed heartbeats or a lost connection, so that the process may
   * live: its jobs are charged with a lapse, not with a crash.
   */
  public boolean isPresumed() {
    return heartbeats.isPresent() && heartbeats.getAsLong() != NOT_LIVING;
  }

  /** Returns the cause of the recovery that follows from it. */
  public Cause recoveryCause() {
    if (heartbeats.isEmpty()) {
      return Cause.CRASH;
    }
    return isPresumed() ? Cause.LAPSE : Cause.STRAY;
  }

  /** Creates the death of a node that does not exist or has ended, but still holds jobs. */
  public static Death ended(NodeId node, String cause) {
    return new Death(node, cause, OptionalLong.of(NOT_LIVING));
  }
}
