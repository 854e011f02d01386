package dev.holdfast.torture.mutants;

import dev.holdfast.NodeId;
import dev.holdfast.spi.Acknowledgement;
import dev.holdfast.spi.Claim;
import dev.holdfast.spi.HandlerOutput;
import dev.holdfast.spi.JobStore;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.Rescue;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;

/** Recovers the jobs of a dead node by completing them. */
final class PhantomCompletion extends Changes {
  PhantomCompletion(JobStore behind) {
    super(behind);
  }

  private static final Claim NOTHING =
      new Claim(new NodeId(new UUID(0, 0)), List.of(), Set.of(), 0);

  public List<Lease> rescue(List<Rescue> rescues, String by) {
    List<Acknowledgement> ends =
        rescues.stream()
            .map(
                rescue ->
                    new Acknowledgement(
                        rescue.lease(),
                        new Transition.Complete(Optional.empty()),
                        Duration.ZERO,
                        HandlerOutput.none(rescue.lease())))
            .toList();
    List<Lease> stale = behind.exchange(ends, NOTHING).stale();
    return rescues.stream().map(Rescue::lease).filter(lease -> !stale.contains(lease)).toList();
  }
}
