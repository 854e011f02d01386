package dev.holdfast.jdbc.store;

import dev.holdfast.Scope;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The groups of a scope as one text that statements of both dialects can look into: each name
 * between two edges, which are no part of any name. Whoever is inside is found in it to the letter.
 */
final class Scopes {
  /** Names have no control characters. */
  static final String EDGE = "\n";

  private Scopes() {}

  /** Empty for all jobs. */
  static Optional<String> text(Scope scope) {
    return scope
        .groups()
        .map(names -> EDGE + String.join(EDGE + EDGE, new TreeSet<>(names)) + EDGE);
  }
}
