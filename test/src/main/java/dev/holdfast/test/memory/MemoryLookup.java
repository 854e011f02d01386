package dev.holdfast.test.memory;

import dev.holdfast.Job;
import dev.holdfast.JobId;
import dev.holdfast.PageRequest;
import dev.holdfast.Predecessor;
import dev.holdfast.spi.AttemptEnd;
import dev.holdfast.spi.JobLookup;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.StepWait;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Looks jobs up by what they are related to. */
record MemoryLookup(MemoryJobStore store, MemoryTables tables) implements JobLookup {

  @Override
  public Optional<AttemptEnd> endOf(Lease lease) {
    return store.locked(
        (now, signals) -> MemoryJobStore.endOf(tables.rows.get(lease.job()), lease));
  }

  @Override
  public Optional<JobId> keyOwner(Optional<String> group, String type, String key) {
    return store.locked(
        (now, signals) ->
            Optional.ofNullable(tables.keys.get(new MemoryTables.Key(group, type, key)))
                .filter(owner -> now.isBefore(owner.until()))
                .map(MemoryTables.KeyOwner::job)
                .filter(tables.rows::containsKey));
  }

  @Override
  public List<Predecessor> predecessors(JobId id, int from, int limit) {
    return store.locked(
        (now, signals) ->
            tables.waits.predecessors(id).stream()
                .filter(predecessor -> predecessor.position() >= from)
                .filter(predecessor -> predecessor.position() < StepWait.positionsEnd(from))
                .limit(limit)
                .toList());
  }

  @Override
  public List<Job> dependents(JobId id, PageRequest page) {
    return store.locked(
        (now, signals) ->
            tables.waits.dependents(id).stream()
                .filter(
                    row ->
                        page.after().map(after -> row.id().compareTo(after.id()) < 0).orElse(true))
                .sorted(Comparator.comparing(MemoryRow::id).reversed())
                .limit(page.limit())
                .map(tables::job)
                .toList());
  }

  @Override
  public Optional<String> lastGroup(String prefix) {
    return store.locked(
        (now, signals) ->
            tables.rows.values().stream()
                .flatMap(row -> row.group().stream())
                .filter(group -> group.startsWith(prefix))
                .max(String::compareTo));
  }
}
