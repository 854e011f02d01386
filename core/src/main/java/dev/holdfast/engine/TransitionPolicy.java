package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.Lease;
import dev.holdfast.Outcome;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.RecoveryStrategy.Interruption;
import dev.holdfast.Transition;
import dev.holdfast.engine.Attempt.Surroundings;
import dev.holdfast.spi.Claimed;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Decides a job's transition after an attempt, from its outcome, its stop and its policies. */
final class TransitionPolicy {
  private static final String NODE_STOPPED = "its node was stopped";

  private static final String LEASE_LOST = "its node could not renew its lease";

  private final Claimed job;
  private final Lease lease;
  private final Surroundings with;

  TransitionPolicy(Claimed job, Surroundings with) {
    this.job = job;
    this.lease = job.lease();
    this.with = with;
  }

  /**
   * The end of an attempt, and the transition of its job.
   *
   * @param problem the failure to report
   */
  record Result(Transition transition, Optional<Failure> problem) {}

  /**
   * Decides.
   *
   * @param timeout how long the attempt might run
   * @param why the reason it was asked to stop, if it was
   */
  Result of(Outcome outcome, Optional<Duration> timeout, @Nullable Stop why) {
    Outcome end = considered(outcome, timeout, why);
    return new Result(end.after(lease.attempt(), this::retryDelay), end.problem());
  }

  /**
   * Replaces the outcome with the reason for a stop, unless the handler completed; after its
   * timeout even completion does not count. A timeout keeps the trace, which shows where the
   * handler was.
   */
  private Outcome considered(Outcome outcome, Optional<Duration> timeout, @Nullable Stop why) {
    if (why == null || (why != Stop.TIMEOUT && outcome instanceof Outcome.Completed)) {
      return outcome;
    }
    return switch (why) {
      case TIMEOUT ->
          new Outcome.Failed(
              new Failure(
                  Failure.Kind.TIMEOUT,
                  "it ran longer than its time-out of " + timeout.orElse(Duration.ZERO),
                  outcome.problem().map(Failure::trace).orElse("")));
      case NODE_STOPS -> new Outcome.Interrupted(afterStop(NODE_STOPPED), NODE_STOPPED);
      case REVOKED -> new Outcome.Interrupted(RecoveryPolicy.RESUME, "it was taken from its node");
      case LEASE_LOST -> new Outcome.Interrupted(afterStop(LEASE_LOST), LEASE_LOST);
    };
  }

  private RecoveryPolicy afterStop(String cause) {
    return with.interruptions()
        .afterStop(
            new Interruption(
                lease.job(), job.type(), lease.attempt(), job.crashes(), false, cause));
  }

  private Optional<Duration> retryDelay(int attempt) {
    return with.handlers().retryDelay(job.type(), attempt, job.maxAttempts(), with.random());
  }
}
