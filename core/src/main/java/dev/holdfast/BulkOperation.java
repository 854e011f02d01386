package dev.holdfast;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;

/**
 * A bulk operation as seen at one instant: a durable record of who asked for what, and how far it
 * is. Nodes work it off in batches, from the newest job to the oldest; each job is checked again in
 * the transaction that changes it.
 *
 * @param id its identity
 * @param request the action and the jobs, with instants in place of ages
 * @param by who asked for it
 * @param state whether it is still being worked off
 * @param done the number of jobs that were changed
 * @param leftAlone the number of jobs that were found, but no longer matched when their turn came,
 *     or were held by others
 * @param searched approximately how many jobs were examined
 * @param createdAt when it was asked for
 * @param updatedAt when it last made progress
 * @param finishedAt when it ended
 */
public record BulkOperation(
    UUID id,
    BulkRequest request,
    String by,
    State state,
    long done,
    long leftAlone,
    long searched,
    Instant createdAt,
    Instant updatedAt,
    Optional<Instant> finishedAt) {

  /** The states of a bulk operation. */
  public enum State {
    /** It is being worked off. */
    RUNNING,
    /** It has reached the oldest job. */
    DONE,
    /** An operator stopped it; what it had done stays done. */
    CANCELLED
  }
}
