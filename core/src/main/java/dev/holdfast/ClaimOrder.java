package dev.holdfast;

/**
 * The order in which the jobs of a queue are claimed. Each queue has its own, and it can change at
 * run time.
 */
public enum ClaimOrder {
  /**
   * Higher {@linkplain NewJob#priority() priority} first; among equals, the earliest due. A steady
   * stream of higher priorities starves lower ones. The default.
   */
  PRIORITY,
  /** Earliest due first; priorities don't count. Nothing starves. */
  FIFO,
  /** Latest due first. The oldest jobs wait until the queue is almost empty. */
  LIFO,
  /**
   * Random: each claim draws runnable jobs with a probability proportional to their weight, which
   * is 1 + priority, and 1 / (1 - priority) below zero; priorities are clamped to ±10,000. Nothing
   * starves.
   */
  WEIGHTED_RANDOM,
  /**
   * Round-robin between {@linkplain NewJob#group() groups}, within a group in the order of arrival;
   * priorities don't count. Jobs without a group are one group. Nothing starves.
   */
  FAIR
}
