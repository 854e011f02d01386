package dev.holdfast.spi;

import java.time.Duration;

/**
 * The facts about a claimed job that statistics need at its end.
 *
 * @param queue its queue
 * @param type its type
 * @param waited how long it had been due when it was claimed
 */
public record Origin(String queue, String type, Duration waited) {}
