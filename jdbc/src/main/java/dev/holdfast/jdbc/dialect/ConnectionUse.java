package dev.holdfast.jdbc.dialect;

/**
 * The purpose of a transaction. A database with many connections keeps some for each use, so that
 * one kind of work cannot delay another.
 */
public enum ConnectionUse {
  /** Heartbeats: nothing may delay them. */
  HEARTBEAT,
  /** Claims and acknowledgements: the worker's own. */
  WORK,
  /** Recovery of the jobs of dead nodes. */
  RECOVERY,
  /** The other duties that jobs depend on: promotion, schedules, handler output, deliveries. */
  DUTIES,
  /** Calls of the API. */
  CALLERS
}
