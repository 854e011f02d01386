package dev.holdfast;

import java.util.Optional;

/**
 * Which part of a list to read. Pages go by key, so that a far page costs as much as the first.
 *
 * @param limit at most so many items, 1 to {@link Limits#PAGE_MAX}
 * @param after the {@link Page#next} of the page before; empty for the first page
 */
public record PageRequest(int limit, Optional<JobId> after) {
  /**
   * Checks the limit.
   *
   * @throws InvalidRequestException if {@code limit} is out of range
   */
  public PageRequest {
    Check.that(
        limit >= 1 && limit <= Limits.PAGE_MAX,
        "limit must be 1 to %d, was %d",
        Limits.PAGE_MAX,
        limit);
  }

  /** The first page. */
  public static PageRequest first(int limit) {
    return new PageRequest(limit, Optional.empty());
  }

  /** The page after {@code job}. */
  public PageRequest after(JobId job) {
    return new PageRequest(limit, Optional.of(job));
  }
}
