package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import java.util.Optional;
import org.slf4j.event.Level;

/**
 * A selection of log lines.
 *
 * @param job only of this job; empty for all jobs
 * @param least minimum level
 * @param limit the maximum number, the newest ones
 */
public record LogFilter(Optional<JobId> job, Level least, int limit) {
  /**
   * Checks the limit.
   *
   * @throws InvalidRequestException if {@code limit} is not 1 to {@link Limits#LOG_LINES_MAX}
   */
  public LogFilter {
    Check.that(
        limit >= 1 && limit <= Limits.LOG_LINES_MAX,
        "limit must be 1 to %d, was %d",
        Limits.LOG_LINES_MAX,
        limit);
  }

  /** Selects all lines of one job, the newest 1,000. */
  public static LogFilter of(JobId job) {
    return new LogFilter(Optional.of(job), Level.TRACE, 1_000);
  }
}
