package dev.holdfast.engine;

import dev.holdfast.spi.Duty;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that attempts end in time: it stops those over their time-out, exclusive ones when the
 * node's lease is no longer to be trusted, and abandons a stopped one that does not return. It
 * never talks to the store, so that no database can delay it.
 */
final class Watch {
  private static final Logger log = LoggerFactory.getLogger(Watch.class);

  /** Maximum time for a handler to return after it was stopped. */
  static final Duration UNRESPONSIVE_AFTER = Duration.ofSeconds(10);

  /** Interval while something runs: no timer reports that the machine was suspended. */
  private static final Duration SUSPEND_LOOK = Duration.ofSeconds(1);

  private final LeaseTrust trust;
  private final TimeSource time;
  private final NodeDuties duties;
  private volatile long nextTicks;

  Watch(LeaseTrust trust, TimeSource time, NodeDuties duties) {
    this.trust = trust;
    this.time = time;
    this.duties = duties;
    this.nextTicks = time.ticks();
  }

  /** A handler begins; the next look, or its time-out, may be sooner than was planned. */
  void began(Attempt attempt) {
    long lookNanos = SUSPEND_LOOK.toNanos();
    long sooner =
        attempt.timeout().map(own -> Math.min(own.toNanos(), lookNanos)).orElse(lookNanos);
    if (time.ticks() + sooner - nextTicks < 0) {
      duties.wake(NodeDuties.WATCH);
    }
  }

  /** Checks attempts soon, as another caller stopped some. */
  void stopped() {
    duties.wake(NodeDuties.WATCH);
  }

  /** Does what is due for the attempts in these slots, and returns when to look again. */
  Duration look(Slots slots) {
    long left = trust.left().toNanos();
    if (left <= 0) {
      stopThoseThatMustNotRunOn(slots);
    }
    if (trust.hasSlept()) {
      duties.wake(NodeDuties.HEARTBEAT); // its timer stops while the machine is suspended
    }
    long next = left > 0 ? left : UNRESPONSIVE_AFTER.toNanos();
    for (Attempt attempt : slots.running()) {
      next = Math.min(next, look(attempt, slots).toNanos());
      next = Math.min(next, SUSPEND_LOOK.toNanos());
    }
    nextTicks = time.ticks() + next;
    return Duration.ofNanos(next);
  }

  /** The others continue until this node learns that it lost them or its registration. */
  private void stopThoseThatMustNotRunOn(Slots slots) {
    for (Attempt attempt : slots.all()) {
      boolean mustEnd = trust.isRefused() || attempt.isExclusive();
      if (!attempt.isStopped() && mustEnd) {
        attempt.stop(Stop.LEASE_LOST);
        log.atWarn()
            .addKeyValue("job", attempt.id())
            .addKeyValue("attempt", attempt.number())
            .log("The node's lease could not be renewed; the handler is stopped.");
      }
    }
  }

  /** Does what is due for one attempt, and returns when to look again. */
  private Duration look(Attempt attempt, Slots slots) {
    Duration sinceStop = attempt.sinceStop();
    if (attempt.isStopped() && sinceStop.compareTo(UNRESPONSIVE_AFTER) >= 0) {
      log.atWarn()
          .addKeyValue("job", attempt.id())
          .addKeyValue("attempt", attempt.number())
          .log("The handler did not return after it was stopped; its slot is given to others.");
      slots.abandon(attempt);
      return Duty.WHEN_WOKEN;
    }
    if (attempt.isStopped()) {
      return UNRESPONSIVE_AFTER.minus(sinceStop);
    }
    if (attempt.timeout().isEmpty()) {
      return Duty.WHEN_WOKEN;
    }
    Duration left = attempt.timeout().get().minus(attempt.runningFor());
    if (left.compareTo(Duration.ZERO) > 0) {
      return left;
    }
    attempt.stop(Stop.TIMEOUT);
    return UNRESPONSIVE_AFTER;
  }
}
