package dev.holdfast;

import dev.holdfast.search.JobField;
import java.time.Instant;
import java.util.List;
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
 * @param fieldIndexes the indexes of its {@linkplain QueueSettings#indexedFields indexed fields}
 */
public record QueueSummary(
    String name,
    QueueSettings settings,
    Optional<QueuePause> paused,
    Map<JobState, Long> counts,
    Optional<Instant> oldestPending,
    int nodes,
    List<FieldIndex> fieldIndexes) {
  /** Copies the map and the list. */
  public QueueSummary {
    counts = Map.copyOf(counts);
    fieldIndexes = List.copyOf(fieldIndexes);
  }

  /**
   * The index of a field, which nodes build from the newest job back to the oldest. A search uses
   * what there is, and reads the older jobs themselves.
   *
   * @param field the field
   * @param complete whether all jobs of the queue are in the index
   * @param since time of the oldest job in an index that is not complete; empty if it has none yet
   */
  public record FieldIndex(JobField field, boolean complete, Optional<Instant> since) {}

  /** Returns the number of its jobs in this state; 0 for states that are not counted. */
  public long jobs(JobState state) {
    return counts.getOrDefault(state, 0L);
  }
}
