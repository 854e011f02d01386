package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.JobId;
import dev.holdfast.Limits;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.RecoveryStrategy;
import dev.holdfast.RecoveryStrategy.Interruption;
import dev.holdfast.Transition;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a job that was interrupted: the one place that decides it. */
final class Interruptions {
  private static final Logger log = LoggerFactory.getLogger(Interruptions.class);

  private final Handlers handlers;

  Interruptions(Handlers handlers) {
    this.handlers = handlers;
  }

  /**
   * After its process died while its handler ran.
   *
   * @param crashes how often that has happened, this time included
   * @param theirs what the dead node had said should become of it
   */
  Transition afterCrash(
      JobId job,
      String type,
      int attempt,
      int crashes,
      String cause,
      Optional<RecoveryPolicy> theirs) {
    if (crashes >= Limits.CRASHES_MAX) {
      return new Transition.Fail(
          Failure.of(
              Failure.Kind.CRASH_LOOP,
              "its process died %d times while it ran; last: %s".formatted(crashes, cause)));
    }
    Interruption what = new Interruption(job, type, attempt, crashes, true, cause);
    return transition(policy(what, theirs), cause);
  }

  /** After its node was stopped in order. */
  RecoveryPolicy afterStop(JobId job, String type, int attempt, int crashes, String cause) {
    Interruption what = new Interruption(job, type, attempt, crashes, false, cause);
    return policy(what, Optional.empty());
  }

  private RecoveryPolicy policy(Interruption what, Optional<RecoveryPolicy> theirs) {
    return handlers
        .known(what.type())
        .map(policy -> decide(policy.recovery(), what))
        .or(() -> theirs)
        .orElse(RecoveryPolicy.RESUME);
  }

  /** A strategy can be user code. */
  private static RecoveryPolicy decide(RecoveryStrategy strategy, Interruption what) {
    try {
      return strategy.decide(what);
    } catch (RuntimeException | Error faulty) {
      log.warn(
          "The recovery strategy of type '{}' failed; what it says elsewhere decides.",
          what.type(),
          faulty);
      return strategy.elsewhere();
    }
  }

  /** What a policy makes of a job whose process died. */
  static Transition transition(RecoveryPolicy policy, String cause) {
    return switch (policy) {
      case RESUME -> new Transition.Release(cause);
      case HOLD -> new Transition.Hold(cause);
      case FAIL -> new Transition.Fail(Failure.of(Failure.Kind.CRASH, cause));
    };
  }
}
