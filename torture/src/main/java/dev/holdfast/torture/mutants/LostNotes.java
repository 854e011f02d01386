package dev.holdfast.torture.mutants;

import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.Exchange;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.JobStore;
import java.util.List;

/** Loses the log lines of handlers. */
final class LostNotes extends Changes {
  LostNotes(JobStore behind) {
    super(behind);
  }

  public Exchange exchange(List<Acknowledgement> ends, Claim claim) {
    return behind.exchange(ends.stream().map(LostNotes::withoutNotes).toList(), claim);
  }

  public void note(List<HandlerOutput> notes) {}

  private static Acknowledgement withoutNotes(Acknowledgement end) {
    return new Acknowledgement(
        end.lease(), end.transition(), end.ran(), HandlerOutput.none(end.lease()));
  }
}
