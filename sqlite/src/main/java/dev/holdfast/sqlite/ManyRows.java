package dev.holdfast.sqlite;

import java.util.Collections;

/** Statements of many rows: fifty go to one, which is where more gained nothing (ADR 3). */
final class ManyRows {
  static final int ROWS = 50;

  private ManyRows() {}

  /** The values of {@link #ROWS} rows, each as given. */
  static String of(String row) {
    return String.join(", ", Collections.nCopies(ROWS, row));
  }
}
