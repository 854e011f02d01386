package dev.holdfast.benchmarks.spike;

/** One layout of the PostgreSQL tables, in its own schema, and one way of claiming. */
record PostgresVariant(
    String name, String schema, boolean historyApart, String tableOptions, Mark mark) {

  /** The start of a claim's index scan. */
  enum Mark {
    /** At the head. */
    NONE,
    /**
     * After the last row claimed; may skip a row that another claimer holds and then gives back.
     */
    LAST_CLAIMED,
    /** At the first row that the claim's snapshot saw pending; never skips one. */
    FIRST_SEEN
  }

  static PostgresVariant oneTable(String name, String schema) {
    return new PostgresVariant(name, schema, false, "", Mark.FIRST_SEEN);
  }

  PostgresVariant withHistoryApart() {
    return new PostgresVariant(name, schema, true, tableOptions, mark);
  }

  PostgresVariant with(Mark other) {
    return new PostgresVariant(name, schema, historyApart, tableOptions, other);
  }

  PostgresVariant withTableOptions(String options) {
    return new PostgresVariant(name, schema, historyApart, options, mark);
  }
}
