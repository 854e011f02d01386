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

  /** Runs the duty once. @return the delay to the next run, unless it is woken earlier */
  Duration run();
}
