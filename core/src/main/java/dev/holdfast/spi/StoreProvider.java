package dev.holdfast.spi;

import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/** Opens stores; found by {@link java.util.ServiceLoader}. */
public interface StoreProvider {

  /**
   * Opens the store at {@code address}, a URL or a file's path.
   *
   * @return empty if the address is not of this provider's kind
   * @throws dev.holdfast.HoldfastException if it is, but cannot be opened
   */
  Optional<JobStore> open(String address, OpenMode mode, Surroundings surroundings);

  /**
   * What a store may use of its process.
   *
   * @param time the clocks
   * @param threads makes the few threads of its own that a store needs
   * @param self a node of this process, for telling it from others; it need not be started
   */
  record Surroundings(TimeSource time, ThreadFactory threads, NodeInfo self) {}

  /** How to open. */
  enum OpenMode {
    /** Create the database if there is none, and bring its schema up to date. */
    CREATE,
    /** There must be a database, or {@link dev.holdfast.NotFoundException} is thrown. */
    EXISTING
  }
}
