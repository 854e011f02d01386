package dev.holdfast.engine;

import dev.holdfast.JobId;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a stop found and did, for the log: when, what was running and for how long, what is left.
 */
public final class ShutdownReport {
  private static final Logger log = LoggerFactory.getLogger(Node.class);
  private static final int JOBS_TOLD_MAX = 100;

  private final TimeSource time;
  private final Supplier<Map<JobId, Duration>> running;
  private final long startedTicks;

  /** The stop begins now. */
  public ShutdownReport(TimeSource time, Supplier<Map<JobId, Duration>> running) {
    this.time = time;
    this.running = running;
    this.startedTicks = time.ticks();
    Map<JobId, Duration> jobs = running.get();
    log.info("Stopping; {} handlers run{}.", jobs.size(), list(jobs));
  }

  /** Some handlers did not end by themselves. */
  public void graceEnded(Duration grace) {
    Map<JobId, Duration> jobs = running.get();
    log.warn(
        "{} handlers still run after the grace period of {}; they are interrupted{}.",
        jobs.size(),
        grace,
        list(jobs));
  }

  /** All handlers have ended, or are given up. */
  public void handlersEnded() {
    Map<JobId, Duration> jobs = running.get();
    if (!jobs.isEmpty()) {
      log.warn("{} handlers did not end; their jobs are released{}.", jobs.size(), list(jobs));
    }
  }

  /** The last line. */
  public void write() {
    log.info("Stopped after {}.", Duration.ofNanos(time.ticks() - startedTicks));
  }

  private static String list(Map<JobId, Duration> jobs) {
    if (jobs.isEmpty()) {
      return "";
    }
    String shown =
        jobs.entrySet().stream()
            .limit(JOBS_TOLD_MAX)
            .map(job -> job.getKey() + " for " + job.getValue())
            .collect(Collectors.joining(", ", ": ", ""));
    return jobs.size() > JOBS_TOLD_MAX ? shown + ", …" : shown;
  }
}
