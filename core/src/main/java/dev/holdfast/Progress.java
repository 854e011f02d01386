package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;

/**
 * The progress of an attempt, as reported by its handler.
 *
 * @param percent 0 to 100
 * @param message one line for people, or empty
 */
public record Progress(int percent, String message) {
  /**
   * Checks the percentage; cuts an over-long message.
   *
   * @throws InvalidRequestException if {@code percent} is not 0 to 100
   */
  public Progress {
    Check.that(percent >= 0 && percent <= 100, "progress must be 0 to 100, was %d", percent);
    message = Limits.cut(message, Limits.FAILURE_MESSAGE_CHARS_MAX);
  }
}
