package dev.holdfast.sqlite;

import java.util.Collections;

/** Multi-row statements: fifty rows each, beyond which there was no gain (ADR 3). */
final class ManyRows {
  static final int ROWS = 50;

  private ManyRows() {}

  /** Returns the values of {@link #ROWS} rows, each as given. */
  static String of(String row) {
    return String.join(", ", Collections.nCopies(ROWS, row));
  }
}
