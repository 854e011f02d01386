package dev.holdfast.engine;

/** The reason why a running attempt should end. */
enum Stop {
  /** Its job was cancelled or taken from it in the store: its outcome will be stale. */
  REVOKED,
  /** Its timeout has passed. */
  TIMEOUT,
  /** Its node is stopping. */
  NODE_STOPS,
  /** Its node could not renew its lease in time: others may already run the job. */
  LEASE_LOST
}
