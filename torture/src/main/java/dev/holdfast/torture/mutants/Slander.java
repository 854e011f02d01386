package dev.holdfast.torture.mutants;

import dev.holdfast.spi.Death;
import dev.holdfast.spi.JobStore;
import java.util.List;

/** Considers all nodes dead. */
final class Slander extends Changes {
  Slander(JobStore behind) {
    super(behind);
  }

  public List<Death> deaths() {
    return behind.nodes().seen().stream().map(node -> Death.proven(node.id(), "slander")).toList();
  }
}
