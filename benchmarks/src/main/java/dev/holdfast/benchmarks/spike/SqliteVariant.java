package dev.holdfast.benchmarks.spike;

/** One layout of the SQLite table and one way of writing each statement. */
record SqliteVariant(
    String name,
    int payloadInlineMax,
    Insert insert,
    Claim claim,
    Complete complete,
    boolean runningIndex,
    boolean stateAsNumber) {

  enum Insert {
    SINGLE,
    BATCH,
    VALUES_50
  }

  enum Claim {
    RETURNING,
    SELECT_THEN_LIST,
    SELECT_THEN_BATCH
  }

  enum Complete {
    SINGLE,
    BATCH,
    LIST,
    VALUES_50,
    UPDATE_FROM
  }

  static SqliteVariant base() {
    return new SqliteVariant(
        "base", Integer.MAX_VALUE, Insert.VALUES_50, Claim.RETURNING, Complete.LIST, true, false);
  }

  SqliteVariant named(String newName) {
    return new SqliteVariant(
        newName, payloadInlineMax, insert, claim, complete, runningIndex, stateAsNumber);
  }

  /**
   * Returns a copy that stores payloads longer than this in a separate table; 0 stores all of them
   * there.
   */
  SqliteVariant withPayloadInlineUpTo(int length) {
    return new SqliteVariant(name, length, insert, claim, complete, runningIndex, stateAsNumber);
  }

  boolean payloadsTable() {
    return payloadInlineMax < Integer.MAX_VALUE;
  }

  SqliteVariant with(Insert other) {
    return new SqliteVariant(
        name, payloadInlineMax, other, claim, complete, runningIndex, stateAsNumber);
  }

  SqliteVariant with(Claim other) {
    return new SqliteVariant(
        name, payloadInlineMax, insert, other, complete, runningIndex, stateAsNumber);
  }

  SqliteVariant with(Complete other) {
    return new SqliteVariant(
        name, payloadInlineMax, insert, claim, other, runningIndex, stateAsNumber);
  }

  SqliteVariant withoutRunningIndex() {
    return new SqliteVariant(name, payloadInlineMax, insert, claim, complete, false, stateAsNumber);
  }

  SqliteVariant withStateAsNumber() {
    return new SqliteVariant(name, payloadInlineMax, insert, claim, complete, runningIndex, true);
  }
}
