package dev.holdfast.torture.mutants;

import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Rescue;
import java.util.List;

/** Charges a crash where a node was only silent. */
final class LapsesAsCrashes extends Changes {
  LapsesAsCrashes(JobStore behind) {
    super(behind);
  }

  public List<Lease> rescue(List<Rescue> rescues, String by) {
    return behind.recovery().rescue(rescues.stream().map(LapsesAsCrashes::asCrash).toList(), by);
  }

  private static Rescue asCrash(Rescue rescue) {
    return rescue.isLapse()
        ? Rescue.regardless(rescue.lease(), rescue.transition(), true, rescue.why())
        : rescue;
  }
}
