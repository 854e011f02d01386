package dev.holdfast.test.memory;

import dev.holdfast.Finding;
import dev.holdfast.JobId;
import dev.holdfast.Retention;
import dev.holdfast.spi.MaintenanceStore;
import dev.holdfast.spi.Sweep;
import dev.holdfast.spi.Upkeep;
import dev.holdfast.spi.record.Archive;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Checks, retention and copies of a memory store. */
final class MemoryMaintenance implements MaintenanceStore {
  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryMaintenance(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public Sweep sweep(Retention retention, Optional<JobId> from, int limit) {
    return store.changing(
        (now, signals) -> {
          List<MemoryRow> looked =
              from
                  .map(first -> tables.rows.tailMap(first, true))
                  .orElse(tables.rows)
                  .values()
                  .stream()
                  .limit(limit + 1L)
                  .toList();
          Optional<JobId> next =
              looked.size() > limit ? Optional.of(looked.get(limit).id()) : Optional.empty();
          List<MemoryRow> old =
              looked.stream()
                  .limit(limit)
                  .filter(row -> isExpired(row, retention, now))
                  .filter(row -> !tables.waits.isNeeded(row.id()))
                  .toList();
          old.forEach(tables::remove);
          return new Sweep(
              old.stream().map(MemoryRow::id).toList(), tables.forget(retention, now), next);
        });
  }

  private static boolean isExpired(MemoryRow row, Retention retention, Instant now) {
    return retention
        .of(row.state())
        .flatMap(kept -> row.finishedAt().map(end -> !end.plus(kept).isAfter(now)))
        .orElse(false);
  }

  /** Finds nothing: these rows cannot be changed by hand. */
  @Override
  public List<Finding> examine() {
    return List.of();
  }

  @Override
  public Upkeep upkeep() {
    return new MemoryUpkeep();
  }

  @Override
  public Archive archive() {
    return new MemoryArchive(tables, store.time());
  }
}
