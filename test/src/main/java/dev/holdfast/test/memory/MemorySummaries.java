package dev.holdfast.test.memory;

import dev.holdfast.JobState;
import dev.holdfast.QueueStatus;
import dev.holdfast.QueueSummary;
import dev.holdfast.QueueSummary.FieldIndex;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** Summarizes the queues of a memory store. */
final class MemorySummaries {
  private static final List<JobState> COUNTED =
      List.of(JobState.SCHEDULED, JobState.BLOCKED, JobState.PENDING, JobState.RUNNING);

  private MemorySummaries() {}

  static List<QueueSummary> all(MemoryTables tables, List<QueueStatus.Node> nodes) {
    List<MemoryRow> rows = COUNTED.stream().flatMap(state -> tables.in(state).stream()).toList();
    Set<String> names = new TreeSet<>(tables.queues.names());
    rows.forEach(row -> names.add(row.queue()));
    nodes.forEach(node -> names.addAll(node.queues()));
    return names.stream().map(name -> summary(tables, name, rows, nodes)).toList();
  }

  private static QueueSummary summary(
      MemoryTables tables, String name, List<MemoryRow> rows, List<QueueStatus.Node> nodes) {
    return new QueueSummary(
        name,
        tables.queues.settings(name),
        tables.queues.paused(name),
        counts(rows.stream().filter(row -> row.queue().equals(name))),
        oldest(tables.pendingIn(name).stream()),
        (int) nodes.stream().filter(node -> node.alive() && node.servesQueue(name)).count(),
        tables.queues.settings(name).indexedFields().stream()
            .map(field -> new FieldIndex(field, true, Optional.empty()))
            .toList());
  }

  private static Map<JobState, Long> counts(Stream<MemoryRow> rows) {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    COUNTED.forEach(state -> counts.put(state, 0L));
    rows.forEach(row -> counts.merge(row.state(), 1L, Long::sum));
    return counts;
  }

  private static Optional<Instant> oldest(Stream<MemoryRow> pending) {
    return pending.map(MemoryRow::runAt).min(Instant::compareTo);
  }
}
