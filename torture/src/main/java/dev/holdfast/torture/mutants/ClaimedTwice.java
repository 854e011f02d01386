package dev.holdfast.torture.mutants;

import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import java.util.ArrayList;
import java.util.List;

/** Gives a job to two handlers at once. */
final class ClaimedTwice extends Changes {
  ClaimedTwice(JobStore behind) {
    super(behind);
  }

  public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
    Exchange exchange = behind.exchange(ends, claim);
    List<Claimed> twice = new ArrayList<>(exchange.claimed());
    exchange.claimed().stream().limit(1).forEach(twice::add);
    return new Exchange(twice, exchange.stale());
  }
}
