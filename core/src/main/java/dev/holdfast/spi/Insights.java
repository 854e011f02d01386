package dev.holdfast.spi;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * The part of a {@link JobStore} that tells how the queue does. It only reads, and never more than
 * the limits below, however many jobs there are: what is not told of everything says so.
 */
public interface Insights {
  /** Of each state at most so many jobs are counted by queue and type. */
  int DEPTH_LOOKED_AT_MAX = 100_000;

  /** Of the jobs that ended in a window the newest are looked at, at most so many. */
  int ENDED_LOOKED_AT_MAX = 200_000;

  /** The longest window. */
  Duration WINDOW_MAX = Duration.ofDays(31);

  /** The nodes that have not ended. */
  List<QueueStatus.Node> nodes();

  /** The jobs that have not completed, by state, queue and type, in that order. */
  Depths depths();

  /** What became of the jobs that ended lately, by queue, type and state, in that order. */
  Ends ends(Duration window);

  /**
   * How many jobs ended, bucket by bucket.
   *
   * @param bucket at least a thousandth of the window
   */
  Throughput throughput(Duration window, Duration bucket);

  /** How long the last attempts of jobs took that completed or failed lately, by type. */
  RunTimes runTimes(Duration window);

  /**
   * The jobs whose state changed at or after an instant, as they are now, the oldest change first.
   * States in between are not told; nor is that a job need not wait any longer, until it begins.
   * Transactions that are under way may still add changes that are about as old as they are.
   *
   * @param limit how many are told of each kind of change: begun, ended, enqueued, all others
   */
  Changes changes(Instant since, int limit);

  /**
   * How many jobs wait, run, or were set aside.
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
   * @param oldest when the one was due that has waited longest
   */
  record Depth(JobState state, String queue, String type, long jobs, Instant oldest) {}

  /**
   * The time that is told of.
   *
   * @param since its begin; later than asked for if more jobs ended than are looked at
   * @param until the store's present
   * @param isWhole whether it is as long as asked for
   */
  record Window(Instant since, Instant until, boolean isWhole) {}

  /** What became of jobs in a window. */
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
   * @param retried how many of them needed more than one attempt
   * @param attempts the attempts of all
   * @param crashes how often the process of one of them died
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
   * How many jobs ended.
   *
   * @param buckets all of the window, the oldest first; the first and last may be cut by it
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
   * @param from its begin
   */
  record Bucket(Instant from, long completed, long failed, long cancelled) {}

  /** How long attempts took. */
  record RunTimes(Window window, List<OfType> types) {
    /** Copies the list. */
    public RunTimes {
      types = List.copyOf(types);
    }
  }

  /**
   * How long the attempts of a type took: so many in a hundred took no longer, by the nearest rank.
   */
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
   * @param at the store's present
   * @param isWhole whether these are all
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
   * @param token its newest fencing token
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
