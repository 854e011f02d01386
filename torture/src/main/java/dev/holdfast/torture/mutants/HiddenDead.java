package dev.holdfast.torture.mutants;

import dev.holdfast.JobId;
import dev.holdfast.spi.Death;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Orphan;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Does not find the jobs of dead nodes. */
final class HiddenDead extends Changes {
  HiddenDead(JobStore behind) {
    super(behind);
  }

  public List<Orphan> orphans(Collection<Death> deaths, Optional<JobId> after, int limit) {
    return List.of();
  }

  public List<Orphan> strays(Optional<JobId> after, int limit) {
    return List.of();
  }
}
