package dev.holdfast.engine;

/** Why a running attempt is told to end. */
enum Stop {
  /** Its job was cancelled or taken from it in the store: whatever it answers is stale. */
  REVOKED,
  /** It is over its time-out. */
  TIMEOUT,
  /** Its node stops. */
  NODE_STOPS,
  /** Its node could not renew its lease in time: others may run the job already. */
  LEASE_LOST
}
