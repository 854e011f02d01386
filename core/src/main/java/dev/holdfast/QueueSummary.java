package dev.holdfast;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/**
 * A queue at one instant.
 *
 * @param name its name
 * @param settings how it is to be served
 * @param paused that it is paused, or empty
 * @param counts its jobs that are SCHEDULED, BLOCKED, PENDING and RUNNING; each of these is there
 * @param oldestPending since when the longest due of its runnable jobs has been due; empty if there
 *     is none
 * @param nodes how many living nodes serve it
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

  /** How many of its jobs are in this state; 0 for the states that are not counted. */
  public long jobs(JobState state) {
    return counts.getOrDefault(state, 0L);
  }
}
