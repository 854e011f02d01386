package dev.holdfast.spi;

import dev.holdfast.JobFilter;
import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.MonitorConfig;
import dev.holdfast.QueueStatus;
import dev.holdfast.spi.series.TimeSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The part of a {@link JobStore} that describes the queue: its health, its statistics, and what a
 * job waits for. Its own operations only read, and never more than the limits below, however many
 * jobs there are; results that are incomplete are marked.
 */
public interface Insights {
  /** The maximum number of jobs per state that are counted by queue and type. */
  int DEPTH_LOOKED_AT_MAX = 100_000;

  /** The maximum number of jobs that ended in a window that are read, the newest ones. */
  int ENDED_LOOKED_AT_MAX = 200_000;

  /** The longest window. */
  Duration WINDOW_MAX = Duration.ofDays(31);

  /** Returns everything needed to explain a job; empty if there is no such job. */
  Optional<Situation> situation(JobId id);

  /**
   * The health of the queue.
   *
   * @param stuckAfter how long a job may run until it counts as stuck
   */
  QueueStatus status(Duration stuckAfter);

  /** Returns the status with the monitor's default. */
  default QueueStatus status() {
    return status(MonitorConfig.defaults().jobTimeout());
  }

  /**
   * Counts the first {@link JobFacets#COUNTED_MAX} jobs that a filter selects by state, queue, type
   * and kind of failure.
   *
   * @throws dev.holdfast.error.InvalidRequestException if no index has the filter's order
   */
  JobFacets facets(JobFilter filter);

  /**
   * Returns the number of jobs that have not completed, by state, queue and type, in that order.
   */
  Depths depths();

  /** Returns the number of jobs that ended recently, by queue, type and state, in that order. */
  Ends ends(Duration window);

  /**
   * Returns the number of jobs that ended, bucket by bucket.
   *
   * @param bucket at least a thousandth of the window
   */
  Throughput throughput(Duration window, Duration bucket);

  /**
   * Returns the duration of the last attempts of jobs that completed or failed recently, by type.
   */
  RunTimes runTimes(Duration window);

  /** Returns the dead letters by the reason of their failure. */
  FailureStore failures();

  /** Returns the figures over time, which are kept as jobs come and end. */
  TimeSeries timeSeries();

  /**
   * Returns the jobs whose state changed at or after an instant, as they are now, the oldest change
   * first. Intermediate states are omitted; so is the change of a job that no longer has to wait,
   * until it begins. Transactions under way may still add changes that are as old as they are.
   *
   * @param limit maximum number for each kind of change: begun, ended, enqueued, all others
   */
  Changes changes(Instant since, int limit);

  /**
   * The number of jobs that wait, run, or were set aside.
   *
   * @param counts in the order of state, queue and type
   * @param isWhole whether no state has more than {@link #DEPTH_LOOKED_AT_MAX} jobs
   */
  record Depths(List<Depth> counts, boolean isWhole) {
    /** Copies the list. */
    public Depths {
      counts = List.copyOf(counts);
    }
  }

  /**
   * Jobs in one state, of one queue and type.
   *
   * @param oldest due time of the job that has waited longest
   */
  record Depth(JobState state, String queue, String type, long jobs, Instant oldest) {}

  /**
   * The period that a statistic covers.
   *
   * @param since its start; later than requested if more jobs ended than are read
   * @param until the store's current time
   * @param isWhole whether it is as long as requested
   */
  record Window(Instant since, Instant until, boolean isWhole) {}

  /** The outcomes of jobs in a window. */
  record Ends(Window window, List<End> counts) {
    /** Copies the list. */
    public Ends {
      counts = List.copyOf(counts);
    }
  }

  /**
   * Jobs that ended in one state, of one queue and type.
   *
   * @param state COMPLETED, FAILED or CANCELLED
   * @param retried number of jobs that needed more than one attempt
   * @param attempts total number of attempts
   * @param crashes total number of crashes
   */
  record End(
      JobState state,
      String queue,
      String type,
      long jobs,
      long retried,
      long attempts,
      long crashes) {}

  /**
   * The number of jobs that ended, over time.
   *
   * @param buckets all buckets of the window, oldest first; the window may cut the first and last
   */
  record Throughput(Window window, List<Bucket> buckets) {
    /** Copies the list. */
    public Throughput {
      buckets = List.copyOf(buckets);
    }
  }

  /**
   * A part of a window.
   *
   * @param from its start
   */
  record Bucket(Instant from, long completed, long failed, long cancelled) {}

  /** The durations of attempts. */
  record RunTimes(Window window, List<OfType> types) {
    /** Copies the list. */
    public RunTimes {
      types = List.copyOf(types);
    }
  }

  /** Percentiles of the durations of a type's attempts, by the nearest rank. */
  record OfType(
      String type,
      long jobs,
      Duration p50,
      Duration p90,
      Duration p95,
      Duration p99,
      Duration max) {}

  /**
   * Jobs that changed.
   *
   * @param jobs as they are now
   * @param at the store's current time
   * @param isWhole whether the list is complete
   */
  record Changes(List<Change> jobs, Instant at, boolean isWhole) {
    /** Copies the list. */
    public Changes {
      jobs = List.copyOf(jobs);
    }
  }

  /**
   * A job that changed.
   *
   * @param state its state now
   * @param token its latest fencing token
   * @param at when it changed
   */
  record Change(
      JobId id,
      String queue,
      String type,
      Optional<String> group,
      JobState state,
      int attempt,
      long token,
      Instant at) {}
}
