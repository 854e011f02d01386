package dev.holdfast.search;

import dev.holdfast.check.Check;
import dev.holdfast.error.InvalidRequestException;
import java.util.Optional;

/**
 * A range of values, both ends included.
 *
 * @param <T> the type of the values
 * @param least the smallest value; empty for no lower end
 * @param most the largest value; empty for no upper end
 */
public record Range<T extends Comparable<T>>(Optional<T> least, Optional<T> most) {
  /**
   * Checks the order of the ends.
   *
   * @throws InvalidRequestException if {@code least} is greater than {@code most}
   */
  public Range {
    if (least.isPresent() && most.isPresent()) {
      Check.that(
          least.get().compareTo(most.get()) <= 0,
          "a range must begin before it ends, was %s to %s",
          least.get(),
          most.get());
    }
  }

  /** Includes every value. */
  public static <T extends Comparable<T>> Range<T> any() {
    return new Range<T>(Optional.empty(), Optional.empty());
  }

  /** Includes this value only. */
  public static <T extends Comparable<T>> Range<T> exactly(T value) {
    return between(value, value);
  }

  /** Includes this value and greater ones. */
  public static <T extends Comparable<T>> Range<T> atLeast(T least) {
    return new Range<T>(Optional.of(least), Optional.empty());
  }

  /** Includes this value and smaller ones. */
  public static <T extends Comparable<T>> Range<T> atMost(T most) {
    return new Range<T>(Optional.empty(), Optional.of(most));
  }

  /** Includes these values and those between them. */
  public static <T extends Comparable<T>> Range<T> between(T least, T most) {
    return new Range<T>(Optional.of(least), Optional.of(most));
  }

  /** Returns whether every value is included. */
  public boolean isAny() {
    return least.isEmpty() && most.isEmpty();
  }

  /** Returns whether {@code value} is included. */
  public boolean contains(T value) {
    return least.map(end -> end.compareTo(value) <= 0).orElse(true)
        && most.map(end -> end.compareTo(value) >= 0).orElse(true);
  }
}
