package dev.holdfast.torture.mutants;

import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.JobStore;
import java.util.List;

/** Accepts an end, but commits it only with the next call. */
final class HeldBackEnds extends Changes {
  HeldBackEnds(JobStore behind) {
    super(behind);
  }

  private List<Acknowledgement> held = List.of(); // calls come from one thread

  public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
    Exchange exchange = behind.exchange(held, claim);
    held = List.copyOf(ends);
    return new Exchange(exchange.claimed(), List.of());
  }
}
