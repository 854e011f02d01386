package dev.holdfast.spi;

import dev.holdfast.JobId;
import java.util.List;
import java.util.Optional;

/**
 * One step of removing what is old.
 *
 * @param removed the jobs that were removed
 * @param others how many log lines, idempotency keys, fires of schedules, rows of ended nodes,
 *     counts under limits and lines of the audit log were
 * @param next where the next step begins; empty when all has been looked at
 */
public record Sweep(List<JobId> removed, int others, Optional<JobId> next) {
  /** Copies the list. */
  public Sweep {
    removed = List.copyOf(removed);
  }
}
