package dev.holdfast.torture.mutants;

import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import dev.holdfast.torture.host.Moment;
import java.util.List;
import java.util.Set;

/** Claims nothing until the clock is past the newest time it has seen. */
final class OnlyForward extends Changes {
  OnlyForward(JobStore behind) {
    super(behind);
  }

  private long newestMicros; // calls come from one thread

  public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
    long now = Moment.now().micros();
    boolean isBack = now < newestMicros;
    newestMicros = Math.max(newestMicros, now);
    return behind.exchange(ends, isBack ? new Claim(claim.node(), List.of(), Set.of(), 0) : claim);
  }
}
