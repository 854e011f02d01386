package dev.holdfast.spi;

import dev.holdfast.Lease;
import dev.holdfast.Transition;

/**
 * The end of an attempt, decided by somebody else than its holder. It is fenced like an
 * acknowledgement, and fences the holder off.
 *
 * @param lease the lease that it ends
 * @param transition what becomes of the job; only its holder can say that it completed
 * @param crashed whether to count a crash
 * @param death why; if it does not hold any more, nothing is done
 */
public record Rescue(Lease lease, Transition transition, boolean crashed, Death death) {
  /** Refuses a completion, which would be a bug. */
  public Rescue {
    if (transition.kind() == Transition.Kind.COMPLETE) {
      throw new IllegalStateException("nobody but its holder completes a job: a bug");
    }
  }
}
