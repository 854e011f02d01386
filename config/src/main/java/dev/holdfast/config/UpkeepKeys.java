package dev.holdfast.config;

import dev.holdfast.MonitorConfig;
import dev.holdfast.Retention;
import java.time.Duration;
import java.util.Optional;

/** The keys of the monitor and of retention. */
final class UpkeepKeys {
  private static final MonitorConfig MONITOR = MonitorConfig.defaults();
  private static final Retention RETENTION = Retention.defaults();
  private static final Kind<Optional<Duration>> AGE =
      Kind.duration(Duration.ZERO, Retention.AGE_MAX).or("never");

  static final Key<Boolean> MONITOR_ENABLED =
      Key.of(
          "monitor.enabled",
          Kind.yesOrNo(),
          MONITOR.enabled(),
          "Whether a node looks for stuck jobs by itself.");

  static final Key<Duration> MONITOR_INTERVAL =
      Key.of(
              "monitor.interval",
              Kind.duration(MonitorConfig.INTERVAL_MIN, MonitorConfig.INTERVAL_MAX),
              MONITOR.interval(),
              "How often it looks.")
          .plainNumberIn("s");

  static final Key<Duration> MONITOR_JOB_TIMEOUT =
      Key.of(
              "monitor.job_timeout",
              Kind.duration(MonitorConfig.JOB_TIMEOUT_MIN, MonitorConfig.JOB_TIMEOUT_MAX),
              MONITOR.jobTimeout(),
              "From when on a running job counts as stuck.")
          .alias(new Key.Variable("HOLDFAST_JOB_TIMEOUT_MINUTES", Optional.of("m")));

  static final Key<MonitorConfig.Action> MONITOR_ACTION =
      Key.of(
          "monitor.action",
          Kind.choice(MonitorConfig.Action.class),
          MONITOR.action(),
          "What becomes of a stuck job that is recovered: it goes back to the queue, or fails.");

  static final Key<Optional<Duration>> RETENTION_COMPLETED =
      Key.of(
          "retention.completed",
          AGE,
          RETENTION.completed(),
          "How long after their end completed jobs are kept; never removes none.");

  static final Key<Optional<Duration>> RETENTION_FAILED =
      Key.of("retention.failed", AGE, RETENTION.failed(), "The same for failed jobs.");

  static final Key<Optional<Duration>> RETENTION_CANCELLED =
      Key.of("retention.cancelled", AGE, RETENTION.cancelled(), "The same for cancelled jobs.");

  static final Key<Optional<Duration>> RETENTION_LOGS =
      Key.of(
          "retention.logs",
          AGE,
          RETENTION.logs(),
          "How long log lines of jobs are kept; never keeps them as long as their job.");

  static final Key<Optional<Duration>> RETENTION_AUDIT =
      Key.of(
          "retention.audit",
          AGE,
          RETENTION.audit(),
          "How long it is kept what operators did through a server.");

  static final Key<Duration> RETENTION_INTERVAL =
      Key.of(
          "retention.interval",
          Kind.duration(Retention.INTERVAL_MIN, Retention.INTERVAL_MAX),
          RETENTION.interval(),
          "How often a node looks for what is to be removed.");

  private UpkeepKeys() {}
}
