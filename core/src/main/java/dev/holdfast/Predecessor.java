package dev.holdfast;

import java.util.Optional;

/**
 * A job that another one waits for, or has waited for, as of one instant.
 *
 * @param position its index among the predecessors of that job, from 0, in the order in which they
 *     were named
 * @param id its identity
 * @param type its type
 * @param state its state
 * @param result its result as JSON text; empty if there is none, or if it did not complete
 * @param ifFailed what happens to the waiting job when it fails or is cancelled
 * @param isOpen whether the job still waits for it
 */
public record Predecessor(
    int position,
    JobId id,
    String type,
    JobState state,
    Optional<String> result,
    OnPredecessorFailure ifFailed,
    boolean isOpen) {}
