package dev.holdfast;

import java.time.Instant;

/**
 * That a queue is paused.
 *
 * @param since from when on
 * @param by who asked for it
 */
public record QueuePause(Instant since, String by) {}
