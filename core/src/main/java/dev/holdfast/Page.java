package dev.holdfast;

import dev.holdfast.check.Limits;
import java.util.List;
import java.util.Optional;

/**
 * One page of a list.
 *
 * @param <T> the type of the items
 * @param items the items; there may be fewer than requested although there is a next page
 * @param next start of the next page; empty if this is the last one
 * @param searched approximately how many items were examined for this page
 * @param complete false if the search stopped at its limit of {@link Limits#SEARCHED_MAX} items
 *     before the page was full; {@code next} continues it
 */
public record Page<T>(List<T> items, Optional<PageCursor> next, long searched, boolean complete) {
  /** Copies the items. */
  public Page {
    items = List.copyOf(items);
  }

  /** Creates a page of a list for which nothing but its items was examined. */
  public Page(List<T> items, Optional<PageCursor> next) {
    this(items, next, items.size(), true);
  }
}
