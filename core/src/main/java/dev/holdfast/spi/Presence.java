package dev.holdfast.spi;

import dev.holdfast.JobId;

/**
 * The visible life of a node in this process. When the process dies, however that happens, the
 * presence is gone with it, and others see that and what it was running at that moment.
 */
public interface Presence extends AutoCloseable {

  /** A handler begins to run {@code job} in slot {@code slot}. Costs nanoseconds. */
  void begins(int slot, JobId job);

  /** The handler in slot {@code slot} has ended. */
  void ends(int slot);

  /** The node ends in order. */
  @Override
  void close();
}
