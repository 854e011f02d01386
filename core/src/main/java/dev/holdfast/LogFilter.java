package dev.holdfast;

import java.util.Optional;
import org.slf4j.event.Level;

/**
 * Which log lines to read.
 *
 * @param job of this job only; empty for all jobs
 * @param least this level and graver ones
 * @param limit at most so many, the newest
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

  /** All lines of one job, the newest 1,000. */
  public static LogFilter of(JobId job) {
    return new LogFilter(Optional.of(job), Level.TRACE, 1_000);
  }
}
