package dev.holdfast.spi;

import dev.holdfast.HandlerPolicy;
import dev.holdfast.check.Limits;
import java.util.stream.Stream;

/**
 * The rules of a type for attempts whose node dies or misses its heartbeats.
 *
 * @param maxCrashes a job whose process died this often is failed
 * @param maxLapses a job whose node missed its heartbeats this often is failed
 * @param exclusive whether a handler must have ended before another node starts the job
 */
public record LeaseRules(int maxCrashes, int maxLapses, boolean exclusive) {
  /** The rules of a type without its own. */
  public static final LeaseRules DEFAULTS =
      new LeaseRules(Limits.CRASHES_MAX, Limits.LAPSES_MAX, false);

  /** The lowest limits among these; the defaults if there are none. */
  public static LeaseRules strictest(Stream<LeaseRules> rules) {
    return rules
        .reduce(
            (one, other) ->
                new LeaseRules(
                    Math.min(one.maxCrashes, other.maxCrashes),
                    Math.min(one.maxLapses, other.maxLapses),
                    one.exclusive || other.exclusive))
        .orElse(DEFAULTS);
  }

  /** Returns whether one more crash would fail a job that has crashed so often. */
  public boolean isLastChance(int crashes) {
    return crashes > 0 && crashes + 1 >= maxCrashes;
  }

  /** Returns the rules of a policy. */
  public static LeaseRules of(HandlerPolicy policy) {
    return new LeaseRules(policy.maxCrashes(), policy.maxLapses(), policy.exclusive());
  }
}
