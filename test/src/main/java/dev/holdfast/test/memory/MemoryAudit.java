package dev.holdfast.test.memory;

import dev.holdfast.spi.server.AuditLog;
import dev.holdfast.spi.server.AuditRecord;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** The audit log of a memory store. */
final class MemoryAudit implements AuditLog {
  private final MemoryJobStore store;
  private final MemoryTables tables;

  MemoryAudit(MemoryJobStore store, MemoryTables tables) {
    this.store = store;
    this.tables = tables;
  }

  @Override
  public void add(AuditRecord.Action action) {
    boolean unused =
        store.changing(
            (now, signals) -> tables.audit.add(new AuditRecord(nextNumber(), now, action)));
  }

  private long nextNumber() {
    int size = tables.audit.size();
    return size == 0 ? 1 : tables.audit.get(size - 1).number() + 1;
  }

  @Override
  public List<AuditRecord> newest(Optional<Long> before, int limit) {
    return store.locked(
        (now, signals) -> {
          List<AuditRecord> newestFirst = new ArrayList<>(tables.audit);
          Collections.reverse(newestFirst);
          return newestFirst.stream()
              .filter(one -> before.map(number -> one.number() < number).orElse(true))
              .limit(limit)
              .toList();
        });
  }
}
