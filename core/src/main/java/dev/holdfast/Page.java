package dev.holdfast;

import java.util.List;
import java.util.Optional;

/**
 * A part of a list, newest first.
 *
 * @param <T> what it lists
 * @param items the items
 * @param next where the next page begins; empty when this one was not full
 */
public record Page<T>(List<T> items, Optional<JobId> next) {
  /** Copies the items. */
  public Page {
    items = List.copyOf(items);
  }
}
