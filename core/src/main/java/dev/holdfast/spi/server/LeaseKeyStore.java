package dev.holdfast.spi.server;

import dev.holdfast.spi.JobStore;
import java.time.Duration;
import java.util.List;

/** The part of a {@link JobStore} that keeps the keys with which servers sign leases. */
public interface LeaseKeyStore {

  /** Returns the valid keys, newest first. */
  List<LeaseKey> list();

  /**
   * Adds a key, unless the newest is younger than {@code age}; older ones stay valid, but sign no
   * more. Removes those that were replaced longer than {@code kept} ago, if no job runs under a
   * lease that they may have signed.
   *
   * @param key the new key's id and secret; the store sets its times
   * @return the keys that are valid now, newest first
   */
  List<LeaseKey> rotate(LeaseKey key, Duration age, Duration kept);
}
