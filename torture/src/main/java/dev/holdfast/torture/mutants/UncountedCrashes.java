package dev.holdfast.torture.mutants;

import dev.holdfast.spi.Death;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Orphan;
import java.util.Collection;
import java.util.List;

/** Counts no crash. */
final class UncountedCrashes extends Changes {
  UncountedCrashes(JobStore behind) {
    super(behind);
  }

  public List<Orphan> orphans(Collection<Death> deaths, int limit) {
    return behind.orphans(deaths, limit).stream()
        .map(
            orphan ->
                new Orphan(
                    orphan.lease(),
                    orphan.type(),
                    orphan.crashes(),
                    false,
                    orphan.recovery(),
                    orphan.death()))
        .toList();
  }
}
