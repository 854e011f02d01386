package dev.holdfast.testkit;

import dev.holdfast.NodeId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.TimeSource;

/**
 * A store as {@link JobStoreContract} needs it: it is opened empty, opened once more as by another
 * process, and a process that uses it can die. Each test has one of its own.
 */
public interface StoreUnderTest {
  /** Opens a fresh, empty store that takes all time from this source. The test closes it. */
  JobStore open(TimeSource time);

  /** Opens another handle on the data of {@link #open}, as another process would. */
  JobStore openAgain(TimeSource time);

  /**
   * Lets the process of a node die that was registered through the handle of {@link #open}, as far
   * as {@link dev.holdfast.spi.RecoveryStore#deaths} of a handle from {@link #openAgain} can tell.
   */
  void die(NodeId node);

  /** Returns when a new listener receives only signals of what happens from now on. */
  default void awaitSilence() throws InterruptedException {}

  /** Counts the rows that the store keeps of who runs under limits, if it keeps any. */
  default long holds() {
    return 0;
  }

  /** Counts the rows that the store keeps of lanes, if it keeps any. */
  default long lanes() {
    return 0;
  }

  /** Checks that closed handles left nothing behind. Threads were checked before. */
  default void assertNothingLeaks() {}
}
