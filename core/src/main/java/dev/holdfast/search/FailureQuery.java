package dev.holdfast.search;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import java.time.Instant;
import java.util.Optional;

/**
 * A request for groups of dead letters.
 *
 * @param queue only those of this queue, or empty for all
 * @param type only those of this type, or empty for all
 * @param since only jobs that failed at or after this instant, or empty for all
 * @param muted only muted groups, or only others; empty for both
 * @param limit the maximum number of groups, 1 to {@link Limits#PAGE_MAX}
 */
public record FailureQuery(
    Optional<String> queue,
    Optional<String> type,
    Optional<Instant> since,
    Optional<Boolean> muted,
    int limit) {
  /** Checks the time and the limit. */
  public FailureQuery {
    since.ifPresent(time -> Check.time("since", time));
    Check.range("limit", limit, 1, Limits.PAGE_MAX);
  }

  /** Creates a request for the groups with the most jobs. */
  public static FailureQuery first(int limit) {
    return new FailureQuery(
        Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty(), limit);
  }
}
