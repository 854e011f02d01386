package dev.holdfast.spi;

import java.time.Duration;

/**
 * Background work as a value: no thread, no sleep, no loop. The scheduler provides those; it never
 * runs a duty concurrently with itself, reports its exceptions, and runs it again.
 */
@FunctionalInterface
public interface Duty {
  /** The delay of a duty that runs only when woken. */
  Duration WHEN_WOKEN = Duration.ofDays(365);

  /**
   * Returns whether this is a duty of the engine itself that finds nothing to do while no job is
   * due and no node dies. Time that a test skips does not stop for it.
   */
  default boolean isHousekeeping() {
    return false;
  }

  /** Runs the duty once. @return the delay to the next run, unless it is woken earlier */
  Duration run();
}
