package dev.holdfast.torture.mutants;

import dev.holdfast.spi.Death;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Orphan;
import java.util.Collection;
import java.util.List;

/** Does not find what dead nodes were running. */
final class HiddenDead extends Changes {
  HiddenDead(JobStore behind) {
    super(behind);
  }

  public List<Orphan> orphans(Collection<Death> deaths, int limit) {
    return List.of();
  }

  public List<Orphan> strays(int limit) {
    return List.of();
  }
}
