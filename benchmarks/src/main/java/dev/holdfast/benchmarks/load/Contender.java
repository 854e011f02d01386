package dev.holdfast.benchmarks.load;

import java.time.Duration;

/**
 * A queue on PostgreSQL, in its fastest configuration, that is compared with others. Each
 * measurement has an empty database; the contender creates its tables before the clock starts,
 * counts every job, and fails if one is missing.
 */
public interface Contender {

  /** The process of the handler, relative to the caller of enqueue. */
  enum Place {
    SAME_PROCESS,
    OTHER_PROCESS
  }

  /** Returns the name in the table. */
  String name();

  /** Returns its version and relevant settings, in one line. */
  String settings();

  /** Returns its share of the jobs, above 0 to 1, so that a slow one takes no longer. */
  double share();

  /** Returns the jobs a second of draining a full queue, with handlers that do nothing. */
  double drain(String address, int jobs) throws Exception;

  /** Returns the jobs a second of one caller that enqueues a thousand at once. */
  double bulk(String address, int jobs) throws Exception;

  /**
   * Returns the jobs a second of callers that enqueue one at a time, each waiting for its commit.
   */
  double enqueue(String address, int callers, Duration time) throws Exception;

  /**
   * Returns the milliseconds from the call of enqueue on an idle queue to the start of the handler;
   * empty if unsupported. A slow contender may take fewer samples.
   */
  double[] idle(String address, Place place, int samples) throws Exception;
}
