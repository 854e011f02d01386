package dev.holdfast.torture.mutants;

import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Rescue;
import java.util.List;

/** Recovers all jobs of a dead node or none, waiting for the locked ones; on PostgreSQL. */
final class RescueInOneBatch extends Changes {
  private final LockedRows rows;

  RescueInOneBatch(JobStore behind, String url) {
    super(behind);
    this.rows = new LockedRows(url);
  }

  public List<Lease> rescue(List<Rescue> rescues, String by) {
    rows.await(rescues.stream().map(rescue -> rescue.lease().job()).toList());
    return behind.recovery().rescue(rescues, by);
  }
}
