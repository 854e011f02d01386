package dev.holdfast.jdbc.store;

import dev.holdfast.Scope;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The groups of a scope as one text that statements of both dialects can search: each name between
 * two delimiters, which no name contains. So only exact names match.
 */
final class Scopes {
  /** The delimiter; names have no control characters. */
  static final String EDGE = "\n";

  private Scopes() {}

  /** Returns the text; empty for all jobs. */
  static Optional<String> text(Scope scope) {
    return scope
        .groups()
        .map(names -> EDGE + String.join(EDGE + EDGE, new TreeSet<>(names)) + EDGE);
  }
}
