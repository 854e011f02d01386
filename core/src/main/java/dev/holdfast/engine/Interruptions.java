package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.RecoveryStrategy;
import dev.holdfast.RecoveryStrategy.Interruption;
import dev.holdfast.spi.Lease;
import dev.holdfast.spi.LeaseRules;
import dev.holdfast.spi.Orphan;
import dev.holdfast.spi.RunningJob;
import dev.holdfast.spi.Transition;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides the transition of an interrupted job: the one place that does. */
final class Interruptions {
  private static final Logger log = LoggerFactory.getLogger(Interruptions.class);

  private final Handlers handlers;

  Interruptions(Handlers handlers) {
    this.handlers = handlers;
  }

  /** Decides after the job's process died while its handler ran. */
  Transition afterCrash(Interruption what) {
    return afterCrash(what, Orphan.Said.nothing());
  }

  private Transition afterCrash(Interruption what, Orphan.Said theirs) {
    if (what.crashes() >= rules(what.type(), theirs).maxCrashes()) {
      return crashLoop(what.crashes(), what.cause());
    }
    return transition(policy(what, theirs.recovery()), what.cause(), Failure.Kind.CRASH);
  }

  /** Decides of a job whose handler was running on a node that does not live. */
  Transition afterLoss(Orphan orphan) {
    Orphan.History history = orphan.history();
    String cause = orphan.death().cause();
    if (!orphan.death().isPresumed()) {
      return afterCrash(interruption(orphan, history.crashes() + 1), orphan.said());
    }
    LeaseRules rules = rules(orphan.type(), orphan.said());
    if (history.crashes() >= rules.maxCrashes()) {
      return crashLoop(history.crashes(), cause);
    }
    if (history.lapses() + 1 >= rules.maxLapses()) {
      String why =
          "its node fell silent %d times while it ran; last: %s"
              .formatted(history.lapses() + 1, cause);
      return new Transition.Fail(Failure.of(Failure.Kind.LEASE_LOST, why));
    }
    RecoveryPolicy policy =
        policy(interruption(orphan, history.crashes()), orphan.said().recovery());
    boolean mayBeLoop = history.crashes() + history.unsettled() + 1 >= rules.maxCrashes();
    if (policy == RecoveryPolicy.RESUME && mayBeLoop && !orphan.said().lease().isZero()) {
      return new Transition.Snooze(orphan.said().lease());
    }
    return transition(policy, cause, Failure.Kind.LEASE_LOST);
  }

  private static Interruption interruption(Orphan orphan, int crashes) {
    return new Interruption(
        orphan.lease().job(),
        orphan.type(),
        orphan.lease().attempt(),
        crashes,
        true,
        orphan.death().cause());
  }

  /** Returns whether no other handler may run at the same time as that of the orphan. */
  boolean isExclusive(Orphan orphan) {
    return orphan.alone() || rules(orphan.type(), orphan.said()).exclusive();
  }

  /** Returns whether a job with so many crashes has no further chance. */
  boolean isCrashLoop(String type, int crashes) {
    return crashes >= rules(type, Orphan.Said.nothing()).maxCrashes();
  }

  /** Returns whether one more crash would fail a job that has crashed so often. */
  boolean isLastChance(String type, int crashes) {
    return rules(type, Orphan.Said.nothing()).isLastChance(crashes);
  }

  static Transition.Fail crashLoop(int crashes, String last) {
    String cause = last.isEmpty() ? "" : "; last: " + last;
    return new Transition.Fail(
        Failure.of(
            Failure.Kind.CRASH_LOOP,
            "its process died %d times while it ran%s".formatted(crashes, cause)));
  }

  /** Decides after a time-out that its node did not see to: the handler may run on there. */
  RecoveryPolicy afterTimeout(RunningJob job, String cause) {
    Lease lease = job.lease();
    return policy(
        new Interruption(lease.job(), job.type(), lease.attempt(), job.crashes(), true, cause),
        Optional.empty());
  }

  /** Decides after the job's node was stopped cleanly. */
  RecoveryPolicy afterStop(Interruption what) {
    return policy(what, Optional.empty());
  }

  private LeaseRules rules(String type, Orphan.Said theirs) {
    return handlers.known(type).map(LeaseRules::of).orElse(theirs.rules());
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

  /** Returns the transition of a policy for a job whose node is dead. */
  static Transition transition(RecoveryPolicy policy, String cause, Failure.Kind kind) {
    return switch (policy) {
      case RESUME -> new Transition.Release(cause);
      case HOLD -> new Transition.Hold(cause);
      case FAIL -> new Transition.Fail(Failure.of(kind, cause));
    };
  }
}
