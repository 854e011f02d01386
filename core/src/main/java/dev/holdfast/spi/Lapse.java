package dev.holdfast.spi;

import java.time.Duration;

/**
 * A rescue that followed from a node's silence or its lost connection, of which it is not known yet
 * whether the process has died.
 *
 * @param lease the lease that was taken
 * @param heartbeats the node's count of heartbeats when it was judged
 * @param returned whether the node has sent a heartbeat since, so that it was alive
 * @param patience how long it has to return: its lease
 */
public record Lapse(Lease lease, long heartbeats, boolean returned, Duration patience) {
  /** Returns the same lapse, whose node has come back or not. */
  public Lapse returned(boolean newReturned) {
    return new Lapse(lease, heartbeats, newReturned, patience);
  }
}
