package dev.holdfast.spi;

import java.util.List;
import java.util.Optional;

/** The part of a {@link JobStore} that remembers who did what through a server. */
public interface AuditLog {

  /** Writes down a deed. */
  void add(AuditRecord.Deed deed);

  /**
   * The newest first.
   *
   * @param before those older than the one of this number; empty for the newest
   * @param limit at most so many
   */
  List<AuditRecord> newest(Optional<Long> before, int limit);
}
