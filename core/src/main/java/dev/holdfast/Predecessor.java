package dev.holdfast;

import java.util.Optional;

/**
 * A job that another one waits for, or has waited for, as it was seen at one instant.
 *
 * @param position its place among the predecessors of that job, from 0, in the order in which they
 *     were named
 * @param id its identity
 * @param type its type
 * @param state where it stands
 * @param result what its handler returned, as JSON text; empty if nothing, or if it did not
 *     complete
 * @param ifFailed what becomes of the waiting job when it fails or is cancelled
 * @param isOpen whether it is still waited for
 */
public record Predecessor(
    int position,
    JobId id,
    String type,
    JobState state,
    Optional<String> result,
    IfFailed ifFailed,
    boolean isOpen) {}
