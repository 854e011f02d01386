package dev.holdfast.testkit;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.TimeSource;

/**
 * What the processes of a {@link World} share: one store, which each of them has open. It must not
 * do anything by itself, on threads of its own, as all that happens happens in virtual time; so
 * what one handle signals is told to all before its call returns.
 */
public interface WorldStore extends AutoCloseable {

  /** Opens a handle, such as another process would have. */
  JobStore open();

  /** The process of {@code node} dies now: {@link JobStore#deaths} will prove it. */
  void kill(NodeId node);

  /** How many nodes are visible and how many listeners listen: 0 when all was closed. */
  int openThings();

  /** Closes all that is still open. */
  @Override
  void close();

  /** An empty {@link MemoryJobStore}, stamped by {@code time}. */
  static WorldStore inMemory(TimeSource time) {
    MemoryJobStore memory = new MemoryJobStore(time);
    return new WorldStore() {
      @Override
      public JobStore open() {
        return memory.openAgain();
      }

      @Override
      public void kill(NodeId node) {
        memory.kill(node);
      }

      @Override
      public int openThings() {
        return memory.openThings();
      }

      @Override
      public void close() {
        memory.close();
      }
    };
  }
}
