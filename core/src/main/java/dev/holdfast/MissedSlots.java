package dev.holdfast;

import java.time.Duration;

/**
 * What becomes of slots at which nobody could fire: no node lived, or none reached the database. A
 * slot that is late by no more than {@code after} is not missed, but fired as if it were on time.
 *
 * @param policy what becomes of those that are later
 * @param after from how late on a slot is missed, 1 s to 1 day; default 1 min
 * @param most how many jobs {@link Policy#CATCH_UP} makes up for at most, those of the newest
 *     slots, 1 to {@link Limits#CATCH_UP_MAX}; default 100
 */
public record MissedSlots(Policy policy, Duration after, int most) {
  /** The shortest time after which a slot is missed. */
  public static final Duration AFTER_MIN = Duration.ofSeconds(1);

  /** The longest time after which a slot is missed. */
  public static final Duration AFTER_MAX = Duration.ofDays(1);

  /** What becomes of missed slots. */
  public enum Policy {
    /** They are passed over. */
    SKIP,
    /** One job, with the newest of them, stands for all. */
    ONCE,
    /** A job for each, in their order. */
    CATCH_UP
  }

  /**
   * Checks the values.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public MissedSlots {
    Check.range("the time after which a slot is missed", after, AFTER_MIN, AFTER_MAX);
    Check.that(
        most >= 1 && most <= Limits.CATCH_UP_MAX,
        "a schedule catches up with 1 to %d slots, was %d",
        Limits.CATCH_UP_MAX,
        most);
  }

  /** The defaults: one job stands for all that was missed. */
  public static MissedSlots once() {
    return new MissedSlots(Policy.ONCE, Duration.ofMinutes(1), 100);
  }

  /** They are passed over. */
  public static MissedSlots skip() {
    return new MissedSlots(Policy.SKIP, once().after, once().most);
  }

  /** A job for each of the newest {@code most}. */
  public static MissedSlots catchUp(int most) {
    return new MissedSlots(Policy.CATCH_UP, once().after, most);
  }

  /** Missed from so late on. */
  public MissedSlots after(Duration newAfter) {
    return new MissedSlots(policy, newAfter, most);
  }
}
