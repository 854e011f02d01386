package dev.holdfast.spi;

import dev.holdfast.Lease;
import dev.holdfast.Transition;
import java.util.Optional;

/**
 * The end of an attempt, decided by somebody else than its holder. It is fenced like an
 * acknowledgement, and fences the holder off.
 *
 * @param lease the lease that it ends
 * @param transition what becomes of the job; only its holder can say that it completed
 * @param crashed whether to count a crash
 * @param why the reason, for the history
 * @param death the judgement that it follows from: if that does not hold any more, nothing is done;
 *     empty when it holds without one, such as by an operator's word
 */
public record Rescue(
    Lease lease, Transition transition, boolean crashed, String why, Optional<Death> death) {
  /** Refuses a completion, which would be a bug. */
  public Rescue {
    if (transition.kind() == Transition.Kind.COMPLETE) {
      throw new IllegalStateException("nobody but its holder completes a job: a bug");
    }
  }

  /** One that follows from a node's death. */
  public static Rescue after(Death death, Lease lease, Transition transition, boolean crashed) {
    return new Rescue(lease, transition, crashed, death.cause(), Optional.of(death));
  }

  /** One that holds whether the holder lives or not. */
  public static Rescue regardless(Lease lease, Transition transition, boolean crashed, String why) {
    return new Rescue(lease, transition, crashed, why, Optional.empty());
  }
}
