package dev.holdfast.jdbc.search;

import dev.holdfast.search.Scope;
import java.util.Optional;
import java.util.TreeSet;

/**
 * The groups of a scope as one text that statements of both dialects can search: each name between
 * two delimiters, which no name contains. So only exact names match.
 */
public final class Scopes {
  /** The delimiter; names have no control characters. */
  public static final String EDGE = "\n";

  private Scopes() {}

  /** Returns the text; empty for all jobs. */
  public static Optional<String> text(Scope scope) {
    return scope
        .groups()
        .map(names -> EDGE + String.join(EDGE + EDGE, new TreeSet<>(names)) + EDGE);
  }
}
