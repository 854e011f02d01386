package dev.holdfast.testkit;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.TimeSource;
import dev.holdfast.test.memory.MemoryJobStore;

/**
 * The store shared by the processes of a {@link World}; each of them has it open. It must not have
 * threads of its own, as everything happens in virtual time; so signals of one handle reach all
 * others before its call returns.
 */
public interface WorldStore extends AutoCloseable {

  /** Opens a handle, as another process would. */
  JobStore open();

  /**
   * Kills the process of {@code node}: {@link dev.holdfast.spi.RecoveryStore#deaths} will prove it.
   */
  void kill(NodeId node);

  /** Returns the number of visible nodes and of listeners: 0 when all was closed. */
  int openThings();

  /** Closes everything that is still open. */
  @Override
  void close();

  /** Creates an empty {@link MemoryJobStore}, stamped by {@code time}. */
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
