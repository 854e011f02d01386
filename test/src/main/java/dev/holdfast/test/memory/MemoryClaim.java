package dev.holdfast.test.memory;

import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A claim under way, row by row. Guarded by the store's lock. */
final class MemoryClaim {
  private final MemoryTables tables;
  private final Claim claim;
  private final Instant now;
  private final List<Claimed> jobs = new ArrayList<>();
  private boolean hasLastChance; // the node runs a job that one more crash fails
  private int started;
  private int free;
  private int ahead;

  MemoryClaim(MemoryTables tables, Claim claim, Instant now) {
    this.tables = tables;
    this.claim = claim;
    this.now = now;
    this.hasLastChance = tables.heldBy(claim.node()).stream().anyMatch(tables::isLastChance);
    this.free = claim.free();
    this.ahead = claim.ahead();
  }

  /** Returns the claimed jobs. */
  List<Claimed> jobs() {
    return List.copyOf(jobs);
  }

  /** Claims the eligible jobs of this queue. */
  void from(String queue) {
    boolean isFull = false; // the next job would overtake one that must wait
    for (MemoryRow row : List.copyOf(tables.pendingIn(queue))) {
      if (started == claim.limit() && ahead == 0) {
        return;
      }
      boolean fits = claim.takes(row.type()) && row.isWithin(claim.capabilities());
      boolean isLastChance = tables.isLastChance(row);
      if (fits && !isFull && !(isLastChance && hasLastChance)) {
        boolean isTaken = take(row);
        hasLastChance |= isLastChance && isTaken;
        isFull = !isTaken && tables.limits.isFull(row);
      }
    }
  }

  private boolean take(MemoryRow row) {
    boolean isLimited = tables.limits.isLimited(row);
    if (started < claim.limit() && (!isLimited || (free > 0 && tables.limits.mayStart(row, now)))) {
      start(row, Optional.empty());
      started++;
      free -= isLimited ? 1 : 0;
      return true;
    }
    Optional<MemoryRow> line = ahead > 0 ? tables.limits.line(row, claim.node()) : Optional.empty();
    line.ifPresent(
        first -> {
          start(row, Optional.of(first));
          ahead--;
        });
    return line.isPresent();
  }

  private void start(MemoryRow row, Optional<MemoryRow> behind) {
    long line = behind.map(MemoryRow::line).orElseGet(tables::newLine);
    tables.change(row, () -> row.claim(claim.node(), tables.nameOf(claim.node()), line, now));
    tables.limits.started(row, now);
    jobs.add(
        tables.limits.isCounted(row)
            ? row.claimed().inLine(row.line(), tables.limits.isAlone(row))
            : row.claimed());
  }
}
