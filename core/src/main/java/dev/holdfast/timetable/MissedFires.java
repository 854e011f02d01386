package dev.holdfast.timetable;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;

/**
 * Treatment of fire times at which no node was alive or could reach the database. A fire that is
 * late by no more than {@code after} counts as on time.
 *
 * @param policy what happens to those that are later
 * @param after the lateness from which a fire time counts as missed, 1 s to 1 day; default 1 min
 * @param most the maximum number of fires that {@link Policy#CATCH_UP} makes up for, the newest
 *     ones, 1 to {@link Limits#CATCH_UP_MAX}; default 100
 */
public record MissedFires(Policy policy, Duration after, int most) {
  /** The shortest time after which a fire time is missed. */
  public static final Duration AFTER_MIN = Duration.ofSeconds(1);

  /** The longest time after which a fire time is missed. */
  public static final Duration AFTER_MAX = Duration.ofDays(1);

  /** Action on missed fire times. */
  public enum Policy {
    /** Skips them. */
    SKIP,
    /** Creates one job, for the newest of them. */
    ONCE,
    /** Creates a job for each, in order. */
    CATCH_UP
  }

  /**
   * Checks the values.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public MissedFires {
    Check.range("the time after which a fire time is missed", after, AFTER_MIN, AFTER_MAX);
    Check.that(
        most >= 1 && most <= Limits.CATCH_UP_MAX,
        "a schedule catches up on 1 to %d fire times, was %d",
        Limits.CATCH_UP_MAX,
        most);
  }

  /** Returns the default: one job for all that was missed. */
  public static MissedFires once() {
    return new MissedFires(Policy.ONCE, Duration.ofMinutes(1), 100);
  }

  /** Skips all that was missed. */
  public static MissedFires skip() {
    return new MissedFires(Policy.SKIP, once().after, once().most);
  }

  /** Creates a job for each of the newest {@code most}. */
  public static MissedFires catchUp(int most) {
    return new MissedFires(Policy.CATCH_UP, once().after, most);
  }

  /** Sets the lateness from which a fire time counts as missed. */
  public MissedFires after(Duration newAfter) {
    return new MissedFires(policy, newAfter, most);
  }
}
