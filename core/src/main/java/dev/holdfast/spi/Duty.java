package dev.holdfast.spi;

import java.time.Duration;

/**
 * Background work as a value: no thread, no sleep, no loop. Whoever runs it sees to those, never
 * runs it twice at the same time, reports what it throws, and runs it again.
 */
@FunctionalInterface
public interface Duty {
  /** For a duty that has nothing to do until it is woken. */
  Duration WHEN_WOKEN = Duration.ofDays(365);

  /** Does one turn of the work. @return the delay to the next turn, unless it is woken earlier */
  Duration run();
}
