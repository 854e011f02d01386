package dev.holdfast.http.wire;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.holdfast.JobState;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueSummary;
import dev.holdfast.QueueSummary.FieldIndex;
import dev.holdfast.search.JobField;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Wire form of a {@link QueueSummary}: a queue in its current state.
 *
 * @param settings the fields of its settings, which are its own
 * @param counts the jobs by state
 * @param fieldIndexes how far the indexes of its fields reach
 */
public record QueueJson(
    String queue,
    boolean paused,
    Optional<Instant> pausedAt,
    Optional<String> pausedBy,
    @JsonUnwrapped QueueSettingsJson settings,
    Map<String, Long> counts,
    long pending,
    Optional<Instant> oldestPendingAt,
    int nodes,
    List<FieldIndexJson> fieldIndexes) {
  /** Wire form of a {@link FieldIndex}. */
  public record FieldIndexJson(JobField field, boolean complete, Optional<Instant> since) {
    private static FieldIndexJson of(FieldIndex index) {
      return new FieldIndexJson(index.field(), index.complete(), index.since());
    }

    private FieldIndex index() {
      return new FieldIndex(field, complete, since);
    }
  }

  /** Returns a queue. */
  public static QueueJson of(QueueSummary queue) {
    Map<String, Long> counts = new TreeMap<>();
    queue.counts().forEach((state, jobs) -> counts.put(state.name(), jobs));
    return new QueueJson(
        queue.name(),
        queue.paused().isPresent(),
        queue.paused().map(QueuePause::since),
        queue.paused().map(QueuePause::by),
        QueueSettingsJson.of(queue.settings()),
        counts,
        queue.jobs(JobState.PENDING),
        queue.oldestPending(),
        queue.nodes(),
        queue.fieldIndexes().stream().map(FieldIndexJson::of).toList());
  }

  /** Returns the queue. */
  public QueueSummary summary() {
    Map<JobState, Long> byState = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      Optional.ofNullable(counts.get(state.name())).ifPresent(jobs -> byState.put(state, jobs));
    }
    return new QueueSummary(
        queue,
        settings.settings(),
        pausedAt.map(since -> new QueuePause(since, pausedBy.orElse(""))),
        byState,
        oldestPendingAt,
        nodes,
        fieldIndexes.stream().map(FieldIndexJson::index).toList());
  }
}
