package dev.holdfast.engine;

import dev.holdfast.Failure;
import dev.holdfast.Lease;
import dev.holdfast.Limits;
import dev.holdfast.Outcome;
import dev.holdfast.RecoveryPolicy;
import dev.holdfast.RetryPolicy;
import dev.holdfast.Transition;
import dev.holdfast.engine.Attempt.Surroundings;
import dev.holdfast.spi.Claimed;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What becomes of a job after an attempt: by its outcome, by what stopped it, by its policies. */
final class Reckoning {
  private static final Logger log = LoggerFactory.getLogger(Reckoning.class);

  private static final String NODE_STOPPED = "its node was stopped";

  private static final String LEASE_LOST = "its node could not renew its lease";

  private final Claimed job;
  private final Lease lease;
  private final Surroundings with;

  Reckoning(Claimed job, Surroundings with) {
    this.job = job;
    this.lease = job.lease();
    this.with = with;
  }

  /**
   * How an attempt ended, and where its job goes.
   *
   * @param problem what is to be told of it
   */
  record Result(Transition transition, Optional<Failure> problem) {}

  /**
   * Decides.
   *
   * @param timeout how long the attempt might run
   * @param why what it was told to end for, if it was
   */
  Result of(Outcome outcome, Optional<Duration> timeout, @Nullable Stop why) {
    Outcome end = considered(outcome, timeout, why);
    return new Result(end.after(lease.attempt(), this::retryDelay), end.problem());
  }

  /**
   * What was asked of the handler explains how it ended, unless it completed all the same; after
   * its time-out not even that counts.
   */
  private Outcome considered(Outcome outcome, Optional<Duration> timeout, @Nullable Stop why) {
    if (why == null || (why != Stop.TIMEOUT && outcome instanceof Outcome.Completed)) {
      return outcome;
    }
    return switch (why) {
      case TIMEOUT ->
          new Outcome.Failed(
              Failure.of(
                  Failure.Kind.TIMEOUT,
                  "it ran longer than its time-out of " + timeout.orElse(Duration.ZERO)));
      case NODE_STOPS -> new Outcome.Interrupted(afterStop(NODE_STOPPED), NODE_STOPPED);
      case REVOKED -> new Outcome.Interrupted(RecoveryPolicy.RESUME, "it was taken from its node");
      case LEASE_LOST -> new Outcome.Interrupted(afterStop(LEASE_LOST), LEASE_LOST);
    };
  }

  private RecoveryPolicy afterStop(String cause) {
    return with.interruptions()
        .afterStop(lease.job(), job.type(), lease.attempt(), job.crashes(), cause);
  }

  /** A retry policy can be user code; where it fails, the default one decides. */
  private Optional<Duration> retryDelay(int attempt) {
    if (attempt >= job.maxAttempts()) {
      return Optional.empty();
    }
    try {
      RetryPolicy policy = with.handlers().policy(job.type()).retry();
      return policy.delayAfter(attempt, with.random()).map(Reckoning::possible);
    } catch (RuntimeException | Error faulty) {
      log.warn(
          "The retry policy of type '{}' failed; the default one decides.", job.type(), faulty);
      return RetryPolicy.exponential().delayAfter(attempt, with.random());
    }
  }

  private static Duration possible(Duration delay) {
    if (delay.isNegative() || delay.toDays() > Limits.DELAY_DAYS_MAX) {
      throw new IllegalArgumentException(
          "a delay must be 0 to %d days, was %s".formatted(Limits.DELAY_DAYS_MAX, delay));
    }
    return delay;
  }
}
