package dev.holdfast.spi;

import dev.holdfast.JobId;

/**
 * The visible presence of a node in this process. When the process dies for any reason, its
 * presence ends with it, and others can see that and what it was running.
 */
public interface Presence extends AutoCloseable {

  /** Records that a handler begins to run {@code job} in slot {@code slot}. Takes nanoseconds. */
  void begins(int slot, JobId job);

  /** Records that the handler in slot {@code slot} has ended. */
  void ends(int slot);

  /** Records that the node ends regularly. */
  @Override
  void close();
}
