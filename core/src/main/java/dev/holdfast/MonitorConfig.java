package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;

/**
 * The search for stuck jobs on a node. A job is recovered if it still runs after its <em>own</em>
 * time-out, or has run longer than {@code jobTimeout} without a live lease; one that has run that
 * long under a live lease is reported and left to an operator. The job's own node has 20 s beyond
 * the job's time-out to act; and the monitoring node measures on its own clock from when it first
 * saw the attempt, so that no clock change makes a job stuck.
 *
 * @param enabled whether the node searches at all; default yes
 * @param interval time between searches, 1 s to 1 day; default 5 min
 * @param jobTimeout run time after which a job counts as stuck, 1 s to 365 days; default 30 min
 * @param action what happens to a job that it recovers; default {@link Action#RETRY}
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

  /** Action on a stuck job that is recovered. */
  public enum Action {
    /** Applies the recovery policy of its type, as after a crash; by default it runs again. */
    RETRY,
    /** Sets the job {@link JobState#FAILED}. */
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

  /** Returns the defaults. */
  public static MonitorConfig defaults() {
    return new MonitorConfig(true, Duration.ofMinutes(5), Duration.ofMinutes(30), Action.RETRY);
  }
}
