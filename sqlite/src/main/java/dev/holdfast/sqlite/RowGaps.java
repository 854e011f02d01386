package dev.holdfast.sqlite;

/**
 * Remembers how far apart in the file the jobs of one queue are, as claims found it: 1 if no others
 * are between them, a hundred if a hundred queues receive jobs in turn. Each page that a claim
 * touches is written, so jobs that are far apart cost more for their pages than for themselves.
 * Thread-safe.
 */
final class RowGaps {
  /** Below this an index page for each queue costs as much as is saved. */
  private static final int SHARE_MIN = 8;

  private volatile long usual = 1;

  /** Takes what a claim found: the sum of the gaps between jobs of one queue, and how many. */
  void found(long sum, int gaps) {
    if (gaps > 0) {
      usual = Math.max(1, (usual + sum / gaps) / 2);
    }
  }

  /**
   * Returns how many of so many jobs to take from each of these queues, so that together they are
   * neighbours.
   */
  int share(int jobs, int queues) {
    long together = Math.max(1, Math.min(usual, queues));
    return (int) Math.min(jobs, Math.max(SHARE_MIN, jobs / together));
  }
}
