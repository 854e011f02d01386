package dev.holdfast.spi.server;

import dev.holdfast.spi.JobStore;
import java.util.List;
import java.util.Optional;

/** The part of a {@link JobStore} that records who did what through a server. */
public interface AuditLog {

  /** Adds an entry. */
  void add(AuditRecord.Action action);

  /**
   * Returns the newest entries first.
   *
   * @param before only entries older than this number; empty for the newest
   * @param limit the maximum number
   */
  List<AuditRecord> newest(Optional<Long> before, int limit);
}
