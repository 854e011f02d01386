package dev.holdfast.torture.mutants;

import dev.holdfast.Job;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import java.util.List;

/** Accepts the end of any attempt, no matter which node holds the job. */
final class AnyToken extends Changes {
  AnyToken(JobStore behind) {
    super(behind);
  }

  public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
    return behind.exchange(ends.stream().map(this::underNewestToken).toList(), claim);
  }

  private Acknowledgement underNewestToken(Acknowledgement end) {
    Lease lease = end.lease();
    long token = behind.find(lease.job()).map(Job::token).orElse(lease.token());
    return Acknowledgements.under(end, token);
  }
}
