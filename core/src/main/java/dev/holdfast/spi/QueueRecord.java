package dev.holdfast.spi;

import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import java.util.Optional;

/**
 * What is said of a queue, as one store keeps it and another can take it.
 *
 * @param name the queue
 * @param settings how it is served
 * @param paused that it is paused, or empty
 * @param band where the ranks of its order stand, see {@link Ranking}
 */
public record QueueRecord(
    String name, QueueSettings settings, Optional<QueuePause> paused, int band) {}
