package dev.holdfast;

import java.util.List;

/**
 * Dead letters by the reason of their failure.
 *
 * @param groups the groups, those with the most jobs first
 * @param jobs the number of dead letters in all groups that match
 * @param mutedJobs how many of them are muted
 * @param isWhole whether all dead letters were counted, and not only the first {@link
 *     #LOOKED_AT_MAX}
 */
public record FailureReport(List<FailureGroup> groups, long jobs, long mutedJobs, boolean isWhole) {
  /** The maximum number of dead letters that are counted. */
  public static final int LOOKED_AT_MAX = 1_000_000;

  /** The maximum number of groups that are compared. */
  public static final int GROUPS_MAX = 10_000;

  /** Copies the groups. */
  public FailureReport {
    groups = List.copyOf(groups);
  }
}
