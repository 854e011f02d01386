package dev.holdfast.torture.mutants;

import dev.holdfast.JobId;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Rescue;
import java.util.List;

/** Loses the jobs that a dead node was running. */
final class DroppedAtRescue extends Changes {
  DroppedAtRescue(JobStore behind) {
    super(behind);
  }

  public List<Lease> rescue(List<Rescue> rescues, String by) {
    List<Lease> rescued = behind.recovery().rescue(rescues, by);
    List<JobId> ids = rescues.stream().map(rescue -> rescue.lease().job()).toList();
    behind.cancel(ids, by);
    behind.delete(ids);
    return rescued;
  }
}
