package dev.holdfast;

import java.time.Instant;
import java.util.Optional;

/**
 * One change of a job's state, as its history tells it.
 *
 * @param at when, by the store's clock
 * @param from the state before; empty for the creation
 * @param to the state after
 * @param by who did it: a node, a person, a program
 * @param why the reason, for people
 * @param attempt the attempt it belongs to, 0 before the first
 * @param failure what had gone wrong, if anything
 */
public record JobEvent(
    Instant at,
    Optional<JobState> from,
    JobState to,
    String by,
    String why,
    int attempt,
    Optional<Failure> failure) {}
