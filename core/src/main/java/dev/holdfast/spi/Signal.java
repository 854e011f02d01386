package dev.holdfast.spi;

/** A hint that it is worth looking now; hints may be late, lost or repeated. */
public enum Signal {
  /** There may be work to claim. */
  WORK,
  /** A job may be due earlier than was known. */
  SCHEDULED,
  /** A running job was taken from its holder. */
  REVOKED,
  /** A node was told to do something. */
  ORDERED,
  /** The settings of a queue were changed. */
  QUEUES,
  /** A schedule may have a slot earlier than was known. */
  SCHEDULES
}
