package dev.holdfast.http.wire;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.holdfast.JobState;
import dev.holdfast.QueuePause;
import dev.holdfast.QueueSummary;
import java.time.Instant;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Wire form of a {@link QueueSummary}: a queue in its current state.
 *
 * @param settings the fields of its settings, which are its own
 * @param counts the jobs by state
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
    int nodes) {

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
        queue.nodes());
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
        nodes);
  }
}
