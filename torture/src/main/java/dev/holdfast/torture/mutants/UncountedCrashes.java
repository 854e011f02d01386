package dev.holdfast.torture.mutants;

import dev.holdfast.JobId;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Orphan;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Counts no crash. */
final class UncountedCrashes extends Changes {
  UncountedCrashes(JobStore behind) {
    super(behind);
  }

  public List<Orphan> orphans(Collection<Death> deaths, Optional<JobId> after, int limit) {
    return behind.recovery().orphans(deaths, after, limit).stream()
        .map(orphan -> orphan.began(false))
        .toList();
  }
}
