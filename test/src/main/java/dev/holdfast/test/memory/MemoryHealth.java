package dev.holdfast.test.memory;

import dev.holdfast.JobId;
import dev.holdfast.JobState;
import dev.holdfast.Predecessor;
import dev.holdfast.QueueStatus;
import dev.holdfast.spi.Situation;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** The health of a memory store, and what a job in it waits for. */
final class MemoryHealth {
  private static final int ACTIVE_MAX = 20;

  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryHealth(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  Optional<Situation> situation(JobId id) {
    return store.locked(
        (now, signals) ->
            Optional.ofNullable(tables.rows.get(id))
                .map(
                    row ->
                        new Situation(
                            now,
                            tables.job(row),
                            ahead(row),
                            waiting(row),
                            tables.statuses(now),
                            tables.queues.paused(row.queue()),
                            tables.limits.reached(row),
                            tables.limits.rateUntil(row, now),
                            tables.limits.sharing(row),
                            tables.rules(row.type()),
                            lastChances(row))));
  }

  private List<Situation.LastChance> lastChances(MemoryRow row) {
    if (row.state() != JobState.PENDING || !tables.isLastChance(row)) {
      return List.of();
    }
    return tables.rows.values().stream()
        .filter(other -> other.state() == JobState.RUNNING && tables.isLastChance(other))
        .map(other -> new Situation.LastChance(other.node().orElseThrow(), Optional.of(other.id())))
        .toList();
  }

  private Situation.Waiting waiting(MemoryRow row) {
    return row.state() == JobState.BLOCKED
        ? new Situation.Waiting(
            tables.waits.open(row.id()),
            tables.waits.predecessors(row.id()).stream()
                .filter(Predecessor::isOpen)
                .limit(Situation.Waiting.TOLD_MAX)
                .toList(),
            tables.waits.awaited(row.id()))
        : Situation.Waiting.none();
  }

  private int ahead(MemoryRow row) {
    return row.state() == JobState.PENDING
        ? (int)
            tables.pendingIn(row.queue()).stream()
                .filter(other -> MemoryRow.CLAIM_ORDER.compare(other, row) < 0)
                .count()
        : 0;
  }

  QueueStatus status(Duration stuckAfter) {
    return store.locked(
        (now, signals) -> {
          List<MemoryRow> running = tables.in(JobState.RUNNING);
          return new QueueStatus(
              counts(),
              stuckAfter,
              running.stream().filter(row -> isStuck(row, stuckAfter, now)).count(),
              running.stream().filter(row -> tables.isOrphaned(row, now)).count(),
              tables.in(JobState.PENDING).stream().findFirst().map(tables::job),
              tables.rows.isEmpty()
                  ? Optional.empty()
                  : Optional.of(tables.job(tables.rows.lastEntry().getValue())),
              running.stream().limit(ACTIVE_MAX).map(tables::job).toList(),
              waiting(),
              tables.statuses(now),
              new MemorySchedules(store, tables).overdue(now),
              new MemoryAlerts(store, tables).raised(),
              new MemoryAlerts(store, tables).muted(now),
              new QueueStatus.OnHold(
                  0,
                  tables.queues.names().stream()
                      .filter(name -> tables.queues.paused(name).isPresent())
                      .limit(20)
                      .toList()),
              tables.recoveries.recent(now),
              new QueueStatus.Database("memory", "memory", 0, Map.of()));
        });
  }

  private List<QueueStatus.Waiting> waiting() {
    Map<List<String>, Long> counts = new TreeMap<>(Comparator.comparing(List::toString));
    tables.in(JobState.PENDING).stream()
        .limit(QueueStatus.WAITING_LOOKED_AT)
        .forEach(row -> counts.merge(List.of(row.queue(), row.type()), 1L, Long::sum));
    return counts.entrySet().stream()
        .map(
            count ->
                new QueueStatus.Waiting(
                    count.getKey().get(0), count.getKey().get(1), count.getValue()))
        .toList();
  }

  private Map<JobState, Long> counts() {
    Map<JobState, Long> counts = new EnumMap<>(JobState.class);
    for (JobState state : JobState.values()) {
      counts.put(state, 0L);
    }
    tables.rows.values().forEach(row -> counts.merge(row.state(), 1L, Long::sum));
    return counts;
  }

  private static boolean isStuck(MemoryRow row, Duration stuckAfter, Instant now) {
    return row.startedAt().map(start -> start.plus(stuckAfter).isBefore(now)).orElse(false);
  }
}
