package dev.holdfast.engine;

import dev.holdfast.spi.TimeSource;
import java.time.Duration;

/**
 * Whether this node may still believe in its lease. Its end is reckoned on this process's monotonic
 * clock from before the heartbeat was sent, less a margin, so that this node stops before any other
 * begins.
 */
final class LeaseTrust {
  private static final int MARGIN_PART = 5; // a fifth of the lease

  private final TimeSource time;
  private final long trustedNanos;
  private volatile long untilTicks;

  LeaseTrust(Duration lease, TimeSource time) {
    this.time = time;
    this.trustedNanos = lease.toNanos() - lease.toNanos() / MARGIN_PART;
    this.untilTicks = time.ticks();
  }

  /** A heartbeat that was sent at {@code sentTicks} was answered. */
  void renewed(long sentTicks) {
    untilTicks = sentTicks + trustedNanos;
  }

  boolean holds() {
    return left().compareTo(Duration.ZERO) > 0;
  }

  /** How long it holds without another heartbeat; not positive when it has ended. */
  Duration left() {
    return Duration.ofNanos(untilTicks - time.ticks());
  }
}
