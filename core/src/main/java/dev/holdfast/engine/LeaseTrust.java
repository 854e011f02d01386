package dev.holdfast.engine;

import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Decides whether this node may still trust its lease. The end is computed with this process's own
 * clocks from before the heartbeat was sent, less a margin, so that this node stops before any
 * other begins. It ends when either the monotonic clock or the time since boot has passed it: the
 * first may stand still while the machine is suspended, and the second goes on then.
 */
final class LeaseTrust {
  private static final int MARGIN_PART = 5; // a fifth of the lease

  /**
   * Half a lease: so long may no heartbeat get through before it proves something. Another node is
   * due a third of its lease after its last heartbeat, so a stall of this length makes no node
   * silent for its whole lease.
   */
  private static final int STALL_PART = 2;

  /** The time since boot is dear to read: so often is enough. */
  private static final long BOOT_LOOK_NANOS = Duration.ofMillis(50).toNanos();

  /** Tolerated difference of the clocks without a suspend; the time since boot is coarse. */
  private static final long CLOCKS_DIFFER_NANOS = Duration.ofMillis(500).toNanos();

  private final TimeSource time;
  private final long trustedNanos;
  private final long stallNanos;
  private volatile Term term;
  private final AtomicInteger gaps = new AtomicInteger();
  private volatile boolean refused;
  private volatile Beats beats;
  private volatile Look look;

  /** The end of the trusted time, by each clock. */
  private record Term(long untilTicks, long untilSinceBoot) {}

  /** Heartbeats without a stall between them: the answer to the first, the sending of the last. */
  private record Beats(long sinceTicks, long sentTicks) {}

  /** The lead of the time since boot over the ticks, and when it was measured. */
  private record Look(long ticks, long bootAhead) {}

  /** The time a heartbeat was sent, by each clock. */
  record Sent(long ticks, long sinceBoot) {}

  LeaseTrust(Duration lease, TimeSource time) {
    this.time = time;
    this.trustedNanos = lease.toNanos() - lease.toNanos() / MARGIN_PART;
    this.stallNanos = lease.toNanos() / STALL_PART;
    this.look = lookNow();
    this.term = new Term(look.ticks, look.ticks + look.bootAhead);
    this.beats = new Beats(look.ticks, look.ticks);
  }

  private Look lookNow() {
    long ticks = time.ticks();
    return new Look(ticks, time.sinceBoot() - ticks);
  }

  /** Returns the current time, for a heartbeat that is about to be sent. */
  Sent now() {
    return new Sent(time.ticks(), time.sinceBoot());
  }

  /** A heartbeat that was sent then was answered. */
  void renewed(Sent sent) {
    if (left().compareTo(Duration.ZERO) <= 0) {
      gaps.incrementAndGet(); // before the term, so that nobody sees the new one alone
    }
    term = new Term(sent.ticks + trustedNanos, sent.sinceBoot + trustedNanos);
    refused = false;
    long answeredTicks = time.ticks();
    beats =
        new Beats(
            answeredTicks - beats.sentTicks > stallNanos ? answeredTicks : beats.sinceTicks,
            sent.ticks);
  }

  /**
   * Returns how long this node's heartbeats have been getting through without a stall; zero during
   * one. A store that stalls silences every node.
   */
  Duration steady() {
    long now = time.ticks();
    Beats newest = beats;
    return now - newest.sentTicks > stallNanos
        ? Duration.ZERO
        : Duration.ofNanos(now - newest.sinceTicks);
  }

  /** A heartbeat was answered, and refused: the lease cannot be renewed any more. */
  void refused() {
    refused = true;
  }

  /** Returns whether the newest answered heartbeat was refused. */
  boolean isRefused() {
    return refused;
  }

  /** Returns whether the lease is trusted. Cheap; notices a suspend within 50 ms of waking. */
  boolean holds() {
    long now = time.ticks();
    if (now - look.ticks >= BOOT_LOOK_NANOS) {
      look = lookNow();
    }
    Term current = term;
    return current.untilTicks - now > 0 && current.untilSinceBoot - (now + look.bootAhead) > 0;
  }

  /** Returns whether the machine was suspended since the last answered heartbeat. */
  boolean hasSlept() {
    Term current = term;
    long byTicks = current.untilTicks - time.ticks();
    long byBoot = current.untilSinceBoot - time.sinceBoot();
    return byTicks - byBoot > CLOCKS_DIFFER_NANOS;
  }

  /** Returns how often the trust had ended before it was renewed. */
  int gaps() {
    return gaps.get();
  }

  /**
   * Returns whether the lease is trusted, and was all the time since there were so many gaps. What
   * this node held before a gap may have been taken from it, although its lease was renewed since.
   */
  boolean holdsSince(int gapsThen) {
    return holds() && gaps.get() == gapsThen;
  }

  /** Returns how long it lasts without another heartbeat; not positive when it has ended. */
  Duration left() {
    Term current = term;
    Look newest = lookNow();
    look = newest;
    long byTicks = current.untilTicks - newest.ticks;
    long byBoot = current.untilSinceBoot - (newest.ticks + newest.bootAhead);
    return Duration.ofNanos(Math.min(byTicks, byBoot));
  }
}
