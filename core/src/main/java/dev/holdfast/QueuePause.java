package dev.holdfast;

import java.time.Instant;

/**
 * The pause of a queue.
 *
 * @param since its start
 * @param by the actor
 */
public record QueuePause(Instant since, String by) {}
