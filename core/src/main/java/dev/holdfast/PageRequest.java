package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import java.util.Optional;

/**
 * A request for one page of a list. Pages are found by key, so that a distant page costs no more
 * than the first.
 *
 * @param limit maximum number of items, 1 to {@link Limits#PAGE_MAX}
 * @param after the {@link Page#next} of the page before; empty for the first page
 */
public record PageRequest(int limit, Optional<PageCursor> after) {
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

  /** Requests the first page. */
  public static PageRequest first(int limit) {
    return new PageRequest(limit, Optional.empty());
  }

  /** Requests the page after {@code job} in a list sorted by id. */
  public PageRequest after(JobId job) {
    return after(PageCursor.of(job));
  }

  /** Requests the page after this position. */
  public PageRequest after(PageCursor position) {
    return new PageRequest(limit, Optional.of(position));
  }
}
