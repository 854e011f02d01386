package dev.holdfast.engine;

import dev.holdfast.JobId;
import dev.holdfast.check.Durations;
import dev.holdfast.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The log of a shutdown: when it began, what was running and for how long, and what is left. */
public final class ShutdownReport {
  private static final Logger log = LoggerFactory.getLogger(Node.class);
  private static final int JOBS_TOLD_MAX = 100;

  private final TimeSource time;
  private final Supplier<Map<JobId, Duration>> running;
  private final long startedTicks;

  /** Begins the report. */
  public ShutdownReport(TimeSource time, Supplier<Map<JobId, Duration>> running) {
    this.time = time;
    this.running = running;
    this.startedTicks = time.ticks();
    Map<JobId, Duration> jobs = running.get();
    log.info("Stopping; {} handlers run{}.", jobs.size(), list(jobs));
  }

  /** Reports that some handlers did not end by themselves. */
  public void graceEnded(Duration grace) {
    Map<JobId, Duration> jobs = running.get();
    log.warn(
        "{} handlers still run after the grace period of {}; they are interrupted{}.",
        jobs.size(),
        Durations.write(grace),
        list(jobs));
  }

  /** Reports that all handlers have ended, or were abandoned. */
  public void handlersEnded() {
    Map<JobId, Duration> jobs = running.get();
    if (!jobs.isEmpty()) {
      log.warn("{} handlers did not end; their jobs are released{}.", jobs.size(), list(jobs));
    }
  }

  /**
   * Reports that some acknowledgements could not be stored because other transactions hold the
   * jobs' rows.
   */
  public void setAside(Set<JobId> jobs) {
    if (!jobs.isEmpty()) {
      log.warn(
          "Other transactions hold the rows of {} jobs: their results are lost, and they start"
              + " again: {}",
          jobs.size(),
          jobs.stream()
              .limit(JOBS_TOLD_MAX)
              .map(JobId::toString)
              .collect(Collectors.joining(", ")));
    }
  }

  /** Writes the last line. */
  public void write() {
    Duration took = Duration.ofNanos(time.ticks() - startedTicks);
    log.info("Stopped after {}.", Durations.format(took));
  }

  private static String list(Map<JobId, Duration> jobs) {
    if (jobs.isEmpty()) {
      return "";
    }
    String shown =
        jobs.entrySet().stream()
            .limit(JOBS_TOLD_MAX)
            .map(job -> job.getKey() + " for " + Durations.format(job.getValue()))
            .collect(Collectors.joining(", ", ": ", ""));
    return jobs.size() > JOBS_TOLD_MAX ? shown + ", …" : shown;
  }
}
