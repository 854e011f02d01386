package dev.holdfast.config;

import java.util.Optional;

/** A source of values. */
@FunctionalInterface
interface Source {
  /** Returns the value of {@code key}; empty if it is not set. */
  Optional<Given> given(Key<?> key);
}
