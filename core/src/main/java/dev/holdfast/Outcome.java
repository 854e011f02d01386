package dev.holdfast;

import dev.holdfast.check.Check;
import dev.holdfast.error.InvalidRequestException;
import java.time.Duration;
import java.util.Optional;

/**
 * The outcome of a handler. Any other return value means that the handler has {@linkplain Completed
 * completed} with that result, and an exception means that it has {@linkplain Failed failed}; so a
 * handler returns an outcome only for the other cases.
 */
public sealed interface Outcome {

  /** Returns why the attempt failed; empty if it did not. */
  default Optional<Failure> problem() {
    return Optional.empty();
  }

  /** Runs the job again after {@code delay}; no attempt is used up. */
  static Outcome snooze(Duration delay) {
    return new Snoozed(delay);
  }

  /**
   * Runs the job again when the signal {@code name} has been sent, if it was not sent before; no
   * attempt is used up, and no slot is held meanwhile. If it does not arrive within {@code
   * timeout}, the job fails with {@link Failure.Kind#SIGNAL}.
   *
   * <p>The handler runs again from the start and reads the signal with {@link JobContext#signal};
   * so it should check there first, and return this outcome if there is nothing. Work that must not
   * be repeated belongs behind a {@linkplain JobContext#checkpoint checkpoint}.
   *
   * @throws InvalidRequestException as {@link SignalWait}
   */
  static Outcome untilSignal(String name, Duration timeout) {
    return untilSignal(name, timeout, OnSignalTimeout.FAIL);
  }

  /**
   * Runs the job again like {@link #untilSignal(String, Duration)}, with a choice of what happens
   * when the signal does not arrive in time: with {@link OnSignalTimeout#RUN} the job runs without
   * it.
   *
   * @throws InvalidRequestException as {@link SignalWait}
   */
  static Outcome untilSignal(String name, Duration timeout, OnSignalTimeout ifLate) {
    return new AwaitsSignal(new SignalWait(name, timeout, ifLate));
  }

  /** Fails the attempt; the next one begins after {@code delay} instead of the policy's. */
  static Outcome retryIn(Duration delay, String message) {
    return new RetryIn(delay, Failure.of(Failure.Kind.ERROR, message));
  }

  /** Fails the job, as no retry can help. */
  static Outcome notRetryable(String message) {
    return new GaveUp(Failure.of(Failure.Kind.NOT_RETRYABLE, message));
  }

  /**
   * The job is done.
   *
   * @param result the return value of the handler as JSON text; empty if none
   */
  record Completed(Optional<String> result) implements Outcome {}

  /**
   * The attempt failed; the policy decides on a retry.
   *
   * @param failure the cause
   */
  record Failed(Failure failure) implements Outcome {
    @Override
    public Optional<Failure> problem() {
      return Optional.of(failure);
    }
  }

  /**
   * The attempt failed; the policy decides on a retry, the handler on its delay.
   *
   * @param delay the delay before the next attempt
   * @param failure the cause
   */
  record RetryIn(Duration delay, Failure failure) implements Outcome {
    /** Checks the delay. */
    public RetryIn {
      Check.delay(delay);
    }

    @Override
    public Optional<Failure> problem() {
      return Optional.of(failure);
    }
  }

  /**
   * The job failed for good.
   *
   * @param failure the cause
   */
  record GaveUp(Failure failure) implements Outcome {
    @Override
    public Optional<Failure> problem() {
      return Optional.of(failure);
    }
  }

  /**
   * The job is to run again later.
   *
   * @param delay the delay before the next run
   */
  record Snoozed(Duration delay) implements Outcome {
    /** Checks the delay. */
    public Snoozed {
      Check.delay(delay);
    }
  }

  /**
   * The job waits for a signal.
   *
   * @param signal the signal, the timeout and the action after it
   */
  record AwaitsSignal(SignalWait signal) implements Outcome {}

  /**
   * The attempt was ended from outside, through no fault of its own: its node stops, or its lease
   * ended.
   *
   * @param recovery the recovery policy of its type
   * @param why the reason, for the history
   */
  record Interrupted(RecoveryPolicy recovery, String why) implements Outcome {}
}
