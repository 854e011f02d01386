package dev.holdfast;

import java.time.Instant;
import java.util.Optional;

/**
 * One change of a job's state, as recorded in its history.
 *
 * @param at when, by the store's clock
 * @param from the state before; empty for the creation
 * @param to the state after
 * @param by who did it: a node, a person, a program
 * @param why the reason, for display
 * @param attempt the attempt it belongs to, 0 before the first
 * @param failure what went wrong, if anything
 */
public record JobEvent(
    Instant at,
    Optional<JobState> from,
    JobState to,
    String by,
    String why,
    int attempt,
    Optional<Failure> failure) {}
