package dev.holdfast;

import dev.holdfast.check.Limits;
import java.time.Instant;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * One line of a job's log.
 *
 * @param job the job
 * @param attempt the attempt that wrote it
 * @param at when it was written
 * @param level its severity
 * @param message the text, at most {@link Limits#LOG_LINE_CHARS_MAX} characters
 * @param details more facts, as a JSON object
 */
public record LogLine(
    JobId job, int attempt, Instant at, Level level, String message, Optional<String> details) {
  /** Truncates an over-long message and marks the cut. */
  public LogLine {
    message = Limits.cut(message, Limits.LOG_LINE_CHARS_MAX);
  }
}
