package dev.holdfast.engine;

import dev.holdfast.spi.TimeSource;
import java.time.Duration;

/**
 * Whether this node may still believe in its lease. Its end is reckoned on this process's own
 * clocks from before the heartbeat was sent, less a margin, so that this node stops before any
 * other begins. It ends when either the monotonic clock or the time since boot has passed it: the
 * first may stand still while the machine is suspended, and the second goes on then.
 */
final class LeaseTrust {
  private static final int MARGIN_PART = 5; // a fifth of the lease

  /** The time since boot is dear to read: so often is enough. */
  private static final long BOOT_LOOK_NANOS = Duration.ofMillis(50).toNanos();

  /** By so much the clocks may differ without a suspend; the time since boot is coarse. */
  private static final long CLOCKS_DIFFER_NANOS = Duration.ofMillis(500).toNanos();

  private final TimeSource time;
  private final long trustedNanos;
  private volatile Term term;
  private volatile Look look;

  /** Until when the lease is trusted, by each clock. */
  private record Term(long untilTicks, long untilSinceBoot) {}

  /** How far the time since boot was ahead of the ticks, and when that was looked at. */
  private record Look(long ticks, long bootAhead) {}

  /** When a heartbeat was sent, by each clock. */
  record Sent(long ticks, long sinceBoot) {}

  LeaseTrust(Duration lease, TimeSource time) {
    this.time = time;
    this.trustedNanos = lease.toNanos() - lease.toNanos() / MARGIN_PART;
    this.look = lookNow();
    this.term = new Term(look.ticks, look.ticks + look.bootAhead);
  }

  private Look lookNow() {
    long ticks = time.ticks();
    return new Look(ticks, time.sinceBoot() - ticks);
  }

  /** Now, for a heartbeat that is about to be sent. */
  Sent now() {
    return new Sent(time.ticks(), time.sinceBoot());
  }

  /** A heartbeat that was sent then was answered. */
  void renewed(Sent sent) {
    term = new Term(sent.ticks + trustedNanos, sent.sinceBoot + trustedNanos);
  }

  /** Cheap enough for each start of a handler; a suspend is noticed within 50 ms of waking. */
  boolean holds() {
    long now = time.ticks();
    if (now - look.ticks >= BOOT_LOOK_NANOS) {
      look = lookNow();
    }
    Term current = term;
    return current.untilTicks - now > 0 && current.untilSinceBoot - (now + look.bootAhead) > 0;
  }

  /** Whether the machine was suspended since the heartbeat that was answered last. */
  boolean hasSlept() {
    Term current = term;
    long byTicks = current.untilTicks - time.ticks();
    long byBoot = current.untilSinceBoot - time.sinceBoot();
    return byTicks - byBoot > CLOCKS_DIFFER_NANOS;
  }

  /** How long it holds without another heartbeat; not positive when it has ended. */
  Duration left() {
    Term current = term;
    Look newest = lookNow();
    look = newest;
    long byTicks = current.untilTicks - newest.ticks;
    long byBoot = current.untilSinceBoot - (newest.ticks + newest.bootAhead);
    return Duration.ofNanos(Math.min(byTicks, byBoot));
  }
}
