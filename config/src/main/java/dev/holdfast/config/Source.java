package dev.holdfast.config;

import java.util.Optional;

/** Where values come from. */
@FunctionalInterface
interface Source {
  /** What it says for {@code key}; empty if nothing. */
  Optional<Given> given(Key<?> key);
}
