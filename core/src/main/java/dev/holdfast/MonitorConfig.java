package dev.holdfast;

import java.time.Duration;

/**
 * How a node looks for stuck jobs by itself. A job that is over its <em>own</em> time-out and still
 * runs, and one that has run longer than {@code jobTimeout} without a live lease, is recovered; one
 * that has run that long under a live lease is reported, and left to an operator. Its node has 20 s
 * more than the job's own time-out; and the looking node counts that time on its own clock from its
 * first look at the attempt, so that a clock that is set makes no job stuck.
 *
 * @param enabled whether it looks at all; default yes
 * @param interval how often, 1 s to 1 day; default 5 min
 * @param jobTimeout from when on a running job counts as stuck, 1 s to 365 days; default 30 min
 * @param action what becomes of a job that it recovers; default {@link Action#RETRY}
 */
public record MonitorConfig(
    boolean enabled, Duration interval, Duration jobTimeout, Action action) {
  /** The shortest interval. */
  public static final Duration INTERVAL_MIN = Duration.ofSeconds(1);

  /** The longest interval. */
  public static final Duration INTERVAL_MAX = Duration.ofDays(1);

  /** The shortest time-out. */
  public static final Duration JOB_TIMEOUT_MIN = Duration.ofSeconds(1);

  /** The longest time-out. */
  public static final Duration JOB_TIMEOUT_MAX = Duration.ofDays(365);

  /** What becomes of a stuck job that is recovered. */
  public enum Action {
    /** What its type's recovery policy says of a crash; by default it runs again. */
    RETRY,
    /** It is {@link JobState#FAILED}. */
    FAIL
  }

  /**
   * Checks the values.
   *
   * @throws InvalidRequestException naming the value and what was expected
   */
  public MonitorConfig {
    Check.range("monitor interval", interval, INTERVAL_MIN, INTERVAL_MAX);
    Check.range("job time-out", jobTimeout, JOB_TIMEOUT_MIN, JOB_TIMEOUT_MAX);
  }

  /** The defaults. */
  public static MonitorConfig defaults() {
    return new MonitorConfig(true, Duration.ofMinutes(5), Duration.ofMinutes(30), Action.RETRY);
  }
}
