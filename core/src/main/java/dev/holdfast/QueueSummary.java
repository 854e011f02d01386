package dev.holdfast;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * The state of a queue at one instant.
 *
 * @param name its name
 * @param settings its settings
 * @param paused its pause; empty if it is not paused
 * @param counts the number of its jobs that are SCHEDULED, BLOCKED, PENDING and RUNNING; all four
 *     are present
 * @param oldestPending due time of the runnable job that has been due longest; empty if there is
 *     none
 * @param nodes number of living nodes that serve it
 */
public record QueueSummary(
    String name,
    QueueSettings settings,
    Optional<QueuePause> paused,
    Map<JobState, Long> counts,
    Optional<Instant> oldestPending,
    int nodes) {
  /** Copies the map. */
  public QueueSummary {
    counts = Map.copyOf(counts);
  }

  /** Returns the number of its jobs in this state; 0 for states that are not counted. */
  public long jobs(JobState state) {
    return counts.getOrDefault(state, 0L);
  }
}
