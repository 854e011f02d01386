package dev.holdfast.torture.mutants;

import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import java.util.List;

/** Waits for the locked rows of jobs that have ended; on PostgreSQL. */
final class WaitingEnds extends Changes {
  private final LockedRows rows;

  WaitingEnds(JobStore behind, String url) {
    super(behind);
    this.rows = new LockedRows(url);
  }

  public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
    rows.await(ends.stream().map(end -> end.lease().job()).toList());
    return behind.exchange(ends, claim);
  }
}
