package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.Outcome;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.RecoveryStrategy.Interruption;
import dev.holdfast.check.Durations;
import dev.holdfast.spi.Claimed;
import dev.holdfast.spi.OutcomeTransition;
import dev.holdfast.spi.RunningJob;
import dev.holdfast.spi.Transition;
import java.time.Duration;
import java.util.Optional;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Decides a job's transition after an attempt, from its outcome, its stop and its policies. */
final class TransitionPolicy {
  private static final String NODE_STOPPED = "its node was stopped";

  private static final String LEASE_LOST = "its node could not renew its lease";

  private final Handlers handlers;
  private final Interruptions interruptions;
  private final RandomGenerator random;

  TransitionPolicy(Handlers handlers, Interruptions interruptions, RandomGenerator random) {
    this.handlers = handlers;
    this.interruptions = interruptions;
    this.random = random;
  }

  /** Returns whether a job has crashed so often that it is not run any more. */
  boolean isCrashLoop(Claimed job) {
    return interruptions.isCrashLoop(job.type(), job.crashes());
  }

  /** Returns whether another crash would fail the job. */
  boolean isLastChance(Claimed job) {
    return interruptions.isLastChance(job.type(), job.crashes());
  }

  /** Decides the transition of a job whose handler ended the process. */
  Transition afterCrash(Claimed job, String cause) {
    return interruptions.afterCrash(interruption(job, job.crashes() + 1, true, cause));
  }

  /**
   * Decides the transition of a job that ran over its time-out on a node that did not end it: fails
   * the attempt as that node should have done. Its handler may still run there, so the type's
   * recovery policy decides first.
   */
  Transition afterTimeout(RunningJob job, String why) {
    Failure failure = Failure.of(Failure.Kind.TIMEOUT, why);
    return switch (interruptions.afterTimeout(job, why)) {
      case HOLD -> new Transition.Hold(why);
      case FAIL -> new Transition.Fail(failure);
      case RESUME ->
          handlers
              .retryDelay(job.type(), job.lease().attempt(), job.maxAttempts(), random)
              .<Transition>map(delay -> new Transition.Retry(delay, failure))
              .orElseGet(() -> new Transition.Fail(failure));
    };
  }

  /**
   * The end of an attempt, and the transition of its job.
   *
   * @param problem the failure to report
   */
  record Result(Transition transition, Optional<Failure> problem) {}

  /**
   * Decides after the handler of {@code job} ended.
   *
   * @param timeout how long the attempt might run
   * @param why the reason it was asked to stop, if it was
   */
  Result of(Claimed job, Outcome outcome, Optional<Duration> timeout, @Nullable Stop why) {
    Outcome end = considered(job, outcome, timeout, why);
    Transition next =
        OutcomeTransition.of(
            end,
            job.lease().attempt(),
            attempt -> handlers.retryDelay(job.type(), attempt, job.maxAttempts(), random));
    return new Result(next, end.problem());
  }

  /**
   * Replaces the outcome with the reason for a stop, unless the handler completed; after its
   * timeout even completion does not count. A timeout keeps the trace, which shows where the
   * handler was.
   */
  private Outcome considered(
      Claimed job, Outcome outcome, Optional<Duration> timeout, @Nullable Stop why) {
    if (why == null || (why != Stop.TIMEOUT && outcome instanceof Outcome.Completed)) {
      return outcome;
    }
    return switch (why) {
      case TIMEOUT ->
          new Outcome.Failed(
              new Failure(
                  Failure.Kind.TIMEOUT,
                  "it ran longer than its time-out of "
                      + Durations.describe(timeout.orElse(Duration.ZERO)),
                  outcome.problem().map(Failure::trace).orElse("")));
      case NODE_STOPS -> new Outcome.Interrupted(afterStop(job, NODE_STOPPED), NODE_STOPPED);
      case REVOKED -> new Outcome.Interrupted(RecoveryPolicy.RESUME, "it was taken from its node");
      case LEASE_LOST -> new Outcome.Interrupted(afterStop(job, LEASE_LOST), LEASE_LOST);
    };
  }

  private RecoveryPolicy afterStop(Claimed job, String cause) {
    return interruptions.afterStop(interruption(job, job.crashes(), false, cause));
  }

  private static Interruption interruption(
      Claimed job, int crashes, boolean isCrash, String cause) {
    return new Interruption(
        job.lease().job(), job.type(), job.lease().attempt(), crashes, isCrash, cause);
  }
}
