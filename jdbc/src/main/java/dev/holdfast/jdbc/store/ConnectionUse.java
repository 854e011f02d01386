package dev.holdfast.jdbc.store;

/**
 * What a transaction is for. A database with many connections keeps some for each use, so that one
 * kind of work cannot delay another.
 */
public enum ConnectionUse {
  /** The lives of nodes: nothing may delay it. */
  HEARTBEAT,
  /** Claims, acknowledgements, and what else keeps jobs going. */
  WORK,
  /** What callers ask for. */
  CALLERS
}
