package dev.holdfast.search;

import dev.holdfast.JobState;

/** The orders in which jobs are listed. Each is the order of an index. */
public enum JobOrder {
  /** By id, which follows the time of the enqueue; newest first. */
  CREATED,
  /**
   * By the time at which they finished, newest first; jobs that have not finished are not listed.
   * Not available for single groups.
   */
  FINISHED,
  /** By the time at which they become due, soonest first; for {@link JobState#SCHEDULED} only. */
  RUN_AT
}
