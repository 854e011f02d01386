package dev.holdfast.benchmarks.load;

import java.time.Duration;

/**
 * A queue on PostgreSQL, in its fastest configuration, that runs beside others. Each measurement
 * gets an empty database; the contender makes its tables in it before the clock starts, counts
 * every job, and fails when one is missing.
 */
public interface Contender {

  /** Where the handler runs, seen from the caller of enqueue. */
  enum Place {
    SAME_PROCESS,
    OTHER_PROCESS
  }

  /** The name in the table. */
  String name();

  /** What exactly runs: version and settings that matter, in one line. */
  String settings();

  /** The part of the jobs that it gets, above 0 to 1, so that a slow one takes no longer. */
  double share();

  /** Jobs a second from a full queue to all of them done, by handlers that do nothing. */
  double drain(String address, int jobs) throws Exception;

  /** Jobs a second of one caller that enqueues a thousand at once. */
  double bulk(String address, int jobs) throws Exception;

  /** Jobs a second of callers that enqueue one each, answered after its commit. */
  double enqueue(String address, int callers, Duration time) throws Exception;

  /**
   * Milliseconds from the call of enqueue on an idle queue to the begin of the handler; empty when
   * it has no such way. A contender with long ones may take fewer samples.
   */
  double[] idle(String address, Place place, int samples) throws Exception;
}
