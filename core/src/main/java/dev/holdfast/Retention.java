package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.check.Limits;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.util.Optional;

/**
 * The time for which finished jobs are kept; each age counts from the job's end. Every node removes
 * old ones, in small transactions. {@link JobState#INTERRUPTED} jobs wait for a person and are
 * never removed.
 *
 * @param completed age of completed jobs, 0 to 100 years; empty for unlimited; default 7 days
 * @param failed age of failed jobs; empty for unlimited; default 7 days
 * @param cancelled age of cancelled jobs; empty for unlimited; default 7 days
 * @param logs age of log lines of any job; empty to keep them as long as their job; default empty
 * @param audit age of entries of the audit log; empty for unlimited; default 400 days
 * @param interval time between two runs, 1 s to 1 day; default 10 min
 */
public record Retention(
    Optional<Duration> completed,
    Optional<Duration> failed,
    Optional<Duration> cancelled,
    Optional<Duration> logs,
    Optional<Duration> audit,
    Duration interval) {
  /** The longest age, other than unlimited. */
  public static final Duration AGE_MAX = Duration.ofDays(Limits.DELAY_DAYS_MAX);

  /** The shortest interval. */
  public static final Duration INTERVAL_MIN = Duration.ofSeconds(1);

  /** The longest interval. */
  public static final Duration INTERVAL_MAX = Duration.ofDays(1);

  /**
   * Checks the values.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public Retention {
    checkAge("completed jobs", completed);
    checkAge("failed jobs", failed);
    checkAge("cancelled jobs", cancelled);
    checkAge("log lines", logs);
    checkAge("the audit log", audit);
    Check.range("retention interval", interval, INTERVAL_MIN, INTERVAL_MAX);
  }

  /** Returns the defaults. */
  public static Retention defaults() {
    Optional<Duration> week = Optional.of(Duration.ofDays(7));
    return new Retention(
        week,
        week,
        week,
        Optional.empty(),
        Optional.of(Duration.ofDays(400)),
        Duration.ofMinutes(10));
  }

  /** Removes every finished job that ended longer ago than {@code age}, and nothing else. */
  public static Retention finished(Duration age) {
    Optional<Duration> same = Optional.of(age);
    return new Retention(
        same, same, same, Optional.empty(), Optional.empty(), defaults().interval());
  }

  /** Returns how long jobs in this state are kept; empty for unlimited. */
  public Optional<Duration> of(JobState state) {
    return switch (state) {
      case COMPLETED -> completed;
      case FAILED -> failed;
      case CANCELLED -> cancelled;
      case SCHEDULED, BLOCKED, PENDING, RUNNING, INTERRUPTED -> Optional.empty();
    };
  }

  private static void checkAge(String what, Optional<Duration> age) {
    age.ifPresent(given -> Check.range("age of " + what, given, Duration.ZERO, AGE_MAX));
  }
}
