package dev.holdfast.torture.mutants;

import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import dev.holdfast.torture.host.Moment;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** Finds nothing to claim for half of the time. */
final class RestingClaims extends Changes {
  private static final long REST_NANOS = Duration.ofSeconds(2).toNanos();

  RestingClaims(JobStore behind) {
    super(behind);
  }

  public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
    boolean rests = Moment.now().ticks() / REST_NANOS % 2 == 0;
    return behind.exchange(ends, rests ? new Claim(claim.node(), List.of(), Set.of(), 0) : claim);
  }
}
