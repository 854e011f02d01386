package dev.holdfast.engine;

import dev.holdfast.check.Limits;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;

/**
 * Decides how many jobs the {@link Worker} claims in its next turn: for free slots, and ahead of
 * them only as far as the {@link Pace} allows. Run on the worker's thread.
 */
final class ClaimPlanner {
  private final Claim base;
  private final PollInterval poll;
  private final Slots slots;
  private final LeaseTrust trust;
  private final Pace pace;
  private final Pace permitPace;
  private volatile boolean isClaiming = true;

  /**
   * @param base whose limits are set at each turn
   */
  ClaimPlanner(Claim base, PollInterval poll, Slots slots, LeaseTrust trust, TimeSource time) {
    this.base = base;
    this.poll = poll;
    this.slots = slots;
    this.trust = trust;
    this.pace = new Pace(time);
    this.permitPace = new Pace(time);
  }

  /** Claims again, or no more. Safe from any thread. */
  void claiming(boolean on) {
    isClaiming = on;
  }

  boolean isClaiming() {
    return isClaiming;
  }

  /**
   * Plans the claim of a turn.
   *
   * @param ended attempts that ended since the last turn
   */
  Claim next(long ended) {
    pace.ended((int) ended);
    permitPace.ended(slots.takeEndedInLine());
    boolean mayClaim = isClaiming && trust.holds();
    int limit = mayClaim ? Math.min(slots.toClaim(pace), Limits.CLAIM_BATCH_MAX) : 0;
    int ahead = mayClaim ? Math.min(slots.roomInLine(permitPace), Limits.CLAIM_BATCH_MAX) : 0;
    return base.limit(limit, slots.free()).ahead(ahead);
  }

  /** Returns the time to the next claim if nothing else happens. */
  Duration untilPoll() {
    return poll.next();
  }

  /** Returns the {@linkplain LeaseTrust#gaps gaps} in the trust of the node's lease. */
  int gaps() {
    return trust.gaps();
  }
}
