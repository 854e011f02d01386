package dev.holdfast.spi;

import dev.holdfast.JobId;
import java.util.List;
import java.util.Optional;

/**
 * The result of one step of removing old data.
 *
 * @param removed the removed jobs
 * @param others number of removed log lines, idempotency keys, fires of schedules, rows of ended
 *     nodes, counters of limits and entries of the audit log
 * @param next start of the next step; empty at the end
 */
public record Sweep(List<JobId> removed, int others, Optional<JobId> next) {
  /** Copies the list. */
  public Sweep {
    removed = List.copyOf(removed);
  }
}
