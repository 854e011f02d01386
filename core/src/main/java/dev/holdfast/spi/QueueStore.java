package dev.holdfast.spi;

import dev.holdfast.Queues;

/**
 * The part of a {@link JobStore} that keeps the settings, pauses and limits of queues. Its callers
 * check names.
 */
public interface QueueStore extends Queues {

  /**
   * Ranks PENDING jobs again that an earlier claim order of their queue ranked, or a node that did
   * not know the new one; at most {@code limit}.
   *
   * @return how many
   */
  int reRank(int limit);
}
