package dev.holdfast.test.memory;

import dev.holdfast.JobState;
import dev.holdfast.spi.server.LeaseKey;
import dev.holdfast.spi.server.LeaseKeyStore;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** The lease keys of a memory store. */
final class MemoryLeaseKeys implements LeaseKeyStore {
  private static final Duration LAG = Duration.ofHours(1);

  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryLeaseKeys(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public List<LeaseKey> list() {
    return store.locked((now, signals) -> newestFirst());
  }

  private List<LeaseKey> newestFirst() {
    return tables.leaseKeys.stream()
        .sorted(Comparator.comparing(LeaseKey::createdAt).reversed())
        .toList();
  }

  @Override
  public List<LeaseKey> rotate(LeaseKey key, Duration age, Duration kept) {
    return store.changing(
        (now, signals) -> {
          boolean isDue =
              tables.leaseKeys.stream()
                  .noneMatch(known -> known.createdAt().isAfter(now.minus(age)));
          if (isDue) {
            List<LeaseKey> replaced =
                tables.leaseKeys.stream().map(known -> replaced(known, now)).toList();
            tables.leaseKeys.clear();
            tables.leaseKeys.addAll(replaced);
            tables.leaseKeys.add(new LeaseKey(key.id(), key.secret(), now, Optional.empty()));
          }
          tables.leaseKeys.removeIf(known -> isOver(known, now.minus(kept)));
          return new ArrayList<>(newestFirst());
        });
  }

  private static LeaseKey replaced(LeaseKey key, Instant now) {
    return new LeaseKey(
        key.id(), key.secret(), key.createdAt(), key.replacedAt().or(() -> Optional.of(now)));
  }

  private boolean isOver(LeaseKey key, Instant before) {
    return key.replacedAt().filter(at -> at.isBefore(before) && !isInUse(at.plus(LAG))).isPresent();
  }

  private boolean isInUse(Instant until) {
    return tables.rows.values().stream()
        .anyMatch(row -> row.state() == JobState.RUNNING && row.startedBefore(until));
  }
}
