package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.check.Names;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;

/**
 * A job's wait for a signal from outside, such as an approval or a callback.
 *
 * @param name the signal's name; 1 to {@link Limits#NAME_CHARS_MAX} characters
 * @param timeout how long it waits, from its enqueue or from its handler's return; 1 ms to {@link
 *     Limits#DELAY_DAYS_MAX} days
 * @param ifLate what happens after that
 */
public record SignalWait(String name, Duration timeout, OnSignalTimeout ifLate) {
  /**
   * Checks all values.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public SignalWait {
    Names.check("signal", name);
    Check.range(
        "the time to wait for a signal",
        timeout,
        Duration.ofMillis(1),
        Duration.ofDays(Limits.DELAY_DAYS_MAX));
  }
}
