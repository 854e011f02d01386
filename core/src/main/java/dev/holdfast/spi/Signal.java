package dev.holdfast.spi;

/** A hint that something may have changed; hints may be late, lost or repeated. */
public enum Signal {
  /** There may be work to claim. */
  WORK,
  /** A job may be due earlier than was known. */
  SCHEDULED,
  /** A running job was taken from its holder. */
  REVOKED,
  /** A node received a command. */
  ORDERED,
  /** The settings of a queue were changed. */
  QUEUES,
  /** A schedule may have a fire time earlier than was known. */
  SCHEDULES
}
