package dev.holdfast.spi;

import dev.holdfast.Failure;
import dev.holdfast.Outcome;
import java.time.Duration;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * Translates the outcome of an attempt into the change that the store must make. Not a method of
 * {@link Outcome}, because handlers return outcomes and have no use for transitions.
 */
public final class OutcomeTransition {
  private OutcomeTransition() {}

  /**
   * Returns the transition.
   *
   * @param outcome how the handler ended
   * @param attempt the attempt that ended, from 1
   * @param retryDelay the delay before the next attempt, or empty when there will be none
   */
  public static Transition of(
      Outcome outcome, int attempt, IntFunction<Optional<Duration>> retryDelay) {
    if (outcome instanceof Outcome.Completed completed) {
      return new Transition.Complete(completed.result());
    }
    if (outcome instanceof Outcome.Failed failed) {
      return retryOrFail(failed.failure(), retryDelay.apply(attempt));
    }
    if (outcome instanceof Outcome.RetryIn retry) {
      return retryOrFail(retry.failure(), retryDelay.apply(attempt).map(policy -> retry.delay()));
    }
    if (outcome instanceof Outcome.GaveUp gaveUp) {
      return new Transition.Fail(gaveUp.failure());
    }
    if (outcome instanceof Outcome.Snoozed snoozed) {
      return new Transition.Snooze(snoozed.delay());
    }
    if (outcome instanceof Outcome.AwaitsSignal awaits) {
      return new Transition.Await(awaits.signal());
    }
    if (outcome instanceof Outcome.Interrupted interrupted) {
      return ofInterruption(interrupted);
    }
    throw new IllegalStateException("no transition for " + outcome);
  }

  private static Transition retryOrFail(Failure failure, Optional<Duration> delay) {
    return delay
        .<Transition>map(wait -> new Transition.Retry(wait, failure))
        .orElseGet(() -> new Transition.Fail(failure));
  }

  private static Transition ofInterruption(Outcome.Interrupted interrupted) {
    String why = interrupted.why();
    return switch (interrupted.recovery()) {
      case RESUME -> new Transition.Release(why);
      case HOLD -> new Transition.Hold(why);
      case FAIL -> new Transition.Fail(Failure.of(Failure.Kind.CRASH, why));
    };
  }
}
