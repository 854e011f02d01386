package dev.holdfast.spi.upkeep;

import java.util.List;

/**
 * The result of an optimization.
 *
 * @param before the space before
 * @param after the space after; it can be larger, as others write meanwhile
 * @param notes what was left undone and how to do it, one sentence each
 */
public record Optimized(Space before, Space after, List<String> notes) {
  /** Copies the notes. */
  public Optimized {
    notes = List.copyOf(notes);
  }
}
