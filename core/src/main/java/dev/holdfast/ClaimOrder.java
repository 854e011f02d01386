package dev.holdfast;

/**
 * In which order the jobs of a queue are claimed. Each queue has its own; it can change while it
 * runs.
 */
public enum ClaimOrder {
  /**
   * The higher {@linkplain NewJob#priority() priority} first; among equals, whoever was due first.
   * A steady stream of higher ones keeps lower ones waiting for ever. The default.
   */
  PRIORITY,
  /** Whoever was due first; priorities don't count. Nobody starves. */
  FIFO,
  /** Whoever was due last. The oldest wait until the queue is all but empty. */
  LIFO,
  /**
   * By lot: each claim takes any of the runnable jobs with a chance in proportion to its weight,
   * which is 1 + priority, and 1 / (1 - priority) below zero; priorities beyond ±10,000 count as
   * that. Nobody starves.
   */
  WEIGHTED_RANDOM,
  /**
   * By turns between {@linkplain NewJob#group() groups}, within a group in the order of arrival;
   * priorities don't count. Jobs without a group are one group. Nobody starves.
   */
  FAIR
}
