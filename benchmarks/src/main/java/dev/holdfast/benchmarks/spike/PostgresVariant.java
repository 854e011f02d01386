package dev.holdfast.benchmarks.spike;

/** One layout of the PostgreSQL tables, in a schema of its own, and one way of claiming. */
record PostgresVariant(
    String name, String schema, boolean historyApart, String tableOptions, Mark mark) {

  /** How far a claim may start into the index, instead of at its head. */
  enum Mark {
    /** At the head. */
    NONE,
    /**
     * Behind the last row claimed: may pass a row that another claimer holds and then gives back.
     */
    LAST_CLAIMED,
    /** At the first row that the claim's snapshot saw pending: never passes one. */
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
