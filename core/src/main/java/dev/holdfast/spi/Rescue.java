package dev.holdfast.spi;

import dev.holdfast.Failure;
import dev.holdfast.RecoveryRecord.Jobs;
import java.util.Optional;

/**
 * The end of an attempt, decided by another than its holder. It is fenced like an acknowledgement,
 * and fences off the holder.
 *
 * @param lease the lease that it ends
 * @param transition the transition of the job; only its holder can complete it
 * @param crashed whether its handler was running, so that the job is charged: with a lapse if the
 *     node's death is only {@linkplain Death#isPresumed() presumed}, else with a crash
 * @param why the reason, for the history
 * @param death the death that it follows from: if that is no longer valid, nothing is done; empty
 *     when it needs none, such as at an operator's request
 */
public record Rescue(
    Lease lease, Transition transition, boolean crashed, String why, Optional<Death> death) {
  /** Refuses a completion, which would be a bug. */
  public Rescue {
    if (transition.kind() == Transition.Kind.COMPLETE) {
      throw new IllegalStateException("nobody but its holder completes a job: a bug");
    }
  }

  /** Returns whether the job is charged with a lapse instead of a crash. */
  public boolean isLapse() {
    return crashed && death.filter(Death::isPresumed).isPresent();
  }

  /** Returns the job, counted by what became of it. */
  public Jobs counted() {
    if (transition.kind() == Transition.Kind.HOLD) {
      return new Jobs(0, 1, 0, 0, 0);
    }
    if (transition.kind() == Transition.Kind.FAIL) {
      Failure.Kind failure = ((Transition.Fail) transition).failure().kind();
      return failure == Failure.Kind.CRASH_LOOP ? new Jobs(0, 0, 0, 0, 1) : new Jobs(0, 0, 1, 0, 0);
    }
    return crashed ? new Jobs(1, 0, 0, 0, 0) : new Jobs(0, 0, 0, 1, 0);
  }

  /** Creates a rescue that follows from a node's death. */
  public static Rescue after(Death death, Lease lease, Transition transition, boolean crashed) {
    return new Rescue(lease, transition, crashed, death.cause(), Optional.of(death));
  }

  /** Creates a rescue that is valid whether the holder lives or not. */
  public static Rescue regardless(Lease lease, Transition transition, boolean crashed, String why) {
    return new Rescue(lease, transition, crashed, why, Optional.empty());
  }
}
