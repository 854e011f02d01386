package dev.holdfast.spi;

import java.util.Optional;
import java.util.concurrent.ThreadFactory;

/** Opens stores; found by {@link java.util.ServiceLoader}. */
public interface StoreProvider {

  /**
   * Opens the store at {@code address}, a URL or a file path.
   *
   * @return empty if the address is not of this provider's kind
   * @throws dev.holdfast.error.HoldfastException if the store cannot be opened
   */
  Optional<JobStore> open(String address, OpenMode mode, Surroundings surroundings);

  /** Returns access to backups as files; empty if its databases have other tools for that. */
  default Optional<Backups> backups() {
    return Optional.empty();
  }

  /**
   * Resources of the process for a store.
   *
   * @param time the clocks
   * @param threads creates the few threads that a store needs
   * @param self a node of this process, to distinguish it from others; it need not be started
   */
  record Surroundings(TimeSource time, ThreadFactory threads, NodeInfo self) {}

  /** The mode of opening. */
  enum OpenMode {
    /** Creates the database if there is none, and brings its schema up to date. */
    CREATE,
    /**
     * Requires a database; throws {@link dev.holdfast.error.NotFoundException} if there is none.
     */
    EXISTING
  }
}
