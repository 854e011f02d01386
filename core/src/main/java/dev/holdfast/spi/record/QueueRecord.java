package dev.holdfast.spi.record;

import dev.holdfast.QueuePause;
import dev.holdfast.QueueSettings;
import dev.holdfast.spi.Ranking;
import java.util.Optional;

/**
 * The configuration of a queue, for transfer between stores.
 *
 * @param name the queue
 * @param settings its settings
 * @param paused its pause, or empty
 * @param band the band of its ranks, see {@link Ranking}
 */
public record QueueRecord(
    String name, QueueSettings settings, Optional<QueuePause> paused, int band) {}
