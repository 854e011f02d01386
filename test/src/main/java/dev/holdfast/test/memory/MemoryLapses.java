package dev.holdfast.test.memory;

import dev.holdfast.JobId;
import dev.holdfast.spi.Lapse;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Rescue;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Lapses that are not settled. Guarded by the store's lock. */
final class MemoryLapses {
  private record Open(long heartbeats, Duration patience, boolean crashed) {
    Open asCrash() {
      return new Open(heartbeats, patience, true);
    }
  }

  private static final Comparator<Lease> ORDER =
      Comparator.comparing(Lease::job).thenComparing(Lease::token);

  private final MemoryTables tables;
  private final Map<Lease, Open> open = new LinkedHashMap<>();

  MemoryLapses(MemoryTables tables) {
    this.tables = tables;
  }

  void add(Rescue rescue) {
    @Nullable MemoryNode node = tables.nodes.get(rescue.lease().node());
    if (rescue.isLapse() && node != null) {
      long heartbeats = rescue.death().orElseThrow().heartbeats().orElseThrow();
      open.put(rescue.lease(), new Open(heartbeats, node.lease(), false));
    }
  }

  /** Returns how many of a job may still turn out to be crashes. */
  int open(JobId job) {
    return (int)
        open.entrySet().stream()
            .filter(entry -> entry.getKey().job().equals(job) && !entry.getValue().crashed)
            .count();
  }

  void forget(JobId job) {
    open.keySet().removeIf(lease -> lease.job().equals(job));
  }

  List<Lapse> all(Optional<Lease> after, int limit) {
    List<Lapse> all = new ArrayList<>();
    open.forEach(
        (lease, lapse) -> {
          boolean returned = hasReturned(lease, lapse);
          if (returned || !lapse.crashed) {
            all.add(new Lapse(lease, lapse.heartbeats, returned, lapse.patience));
          }
        });
    return all.stream()
        .sorted(Comparator.comparing(Lapse::lease, ORDER))
        .filter(lapse -> after.filter(last -> ORDER.compare(lapse.lease(), last) <= 0).isEmpty())
        .limit(limit)
        .toList();
  }

  private boolean hasReturned(Lease lease, Open lapse) {
    return Optional.ofNullable(tables.nodes.get(lease.node()))
        .filter(node -> node.heartbeats() != lapse.heartbeats)
        .isPresent();
  }

  List<Lapse> settle(List<Lapse> known) {
    return known.stream().flatMap(lapse -> settle(lapse).stream()).toList();
  }

  private Optional<Lapse> settle(Lapse lapse) {
    Lease lease = lapse.lease();
    @Nullable Open was = open.get(lease);
    Optional<MemoryRow> row = Optional.ofNullable(tables.rows.get(lease.job()));
    if (was == null) {
      return Optional.empty();
    }
    if (hasReturned(lease, was)) {
      open.remove(lease);
      if (was.crashed) {
        row.ifPresent(MemoryRow::hasNotCrashed);
      }
      return was.crashed ? Optional.of(lapse.returned(true)) : Optional.empty();
    }
    if (was.crashed) {
      return Optional.empty();
    }
    open.put(lease, was.asCrash());
    row.ifPresent(MemoryRow::hasCrashed);
    return Optional.of(lapse.returned(false));
  }
}
