package dev.holdfast;

import java.time.Duration;
import java.util.Optional;
import java.util.function.IntFunction;

/**
 * How a handler ended. A handler that returns anything else has {@linkplain Completed completed}
 * with that as its result, and one that throws has {@linkplain Failed failed}; so a handler returns
 * an outcome only to say something special.
 */
public sealed interface Outcome {

  /**
   * What the store must do now.
   *
   * @param attempt the attempt that ended, from 1
   * @param retryDelay the delay before the next attempt, or empty when there will be none
   */
  Transition after(int attempt, IntFunction<Optional<Duration>> retryDelay);

  /** Why the attempt failed; empty if it did not. */
  default Optional<Failure> problem() {
    return Optional.empty();
  }

  /** Ask again after {@code delay}; no attempt is used up. */
  static Outcome snooze(Duration delay) {
    return new Snoozed(delay);
  }

  /**
   * Run again when the signal {@code name} has been sent, if that was not before; no attempt is
   * used up, and no slot is held meanwhile. If it does not come within {@code timeout}, the job
   * fails with {@link Failure.Kind#SIGNAL}.
   *
   * <p>The handler is run from its beginning, and finds what was sent by {@link JobContext#signal};
   * so it looks there first and asks if there is nothing. What it must not do twice belongs behind
   * a {@linkplain JobContext#checkpoint checkpoint}.
   *
   * @throws InvalidRequestException as {@link SignalWait}
   */
  static Outcome untilSignal(String name, Duration timeout) {
    return untilSignal(name, timeout, IfLate.FAIL);
  }

  /**
   * The same, with a choice of what becomes of the job when the signal does not come in time: with
   * {@link IfLate#RUN} it is run again without.
   *
   * @throws InvalidRequestException as {@link SignalWait}
   */
  static Outcome untilSignal(String name, Duration timeout, IfLate ifLate) {
    return new AwaitsSignal(new SignalWait(name, timeout, ifLate));
  }

  /** The attempt failed; the next one begins after {@code delay} instead of the policy's. */
  static Outcome retryIn(Duration delay, String message) {
    return new RetryIn(delay, Failure.of(Failure.Kind.ERROR, message));
  }

  /** The job failed, and no retry can help. */
  static Outcome notRetryable(String message) {
    return new GaveUp(Failure.of(Failure.Kind.NOT_RETRYABLE, message));
  }

  /**
   * The job is done.
   *
   * @param result what the handler returned, as JSON text; empty for nothing
   */
  record Completed(Optional<String> result) implements Outcome {
    @Override
    public Transition after(int attempt, IntFunction<Optional<Duration>> retryDelay) {
      return new Transition.Complete(result);
    }
  }

  /**
   * The attempt failed; the policy decides whether there is another.
   *
   * @param failure why
   */
  record Failed(Failure failure) implements Outcome {
    @Override
    public Optional<Failure> problem() {
      return Optional.of(failure);
    }

    @Override
    public Transition after(int attempt, IntFunction<Optional<Duration>> retryDelay) {
      return retryDelay
          .apply(attempt)
          .<Transition>map(delay -> new Transition.Retry(delay, failure))
          .orElseGet(() -> new Transition.Fail(failure));
    }
  }

  /**
   * The attempt failed; the handler says when to try again, the policy whether.
   *
   * @param delay the delay before the next attempt
   * @param failure why
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

    @Override
    public Transition after(int attempt, IntFunction<Optional<Duration>> retryDelay) {
      return new Failed(failure).after(attempt, n -> retryDelay.apply(n).map(policy -> delay));
    }
  }

  /**
   * The job failed for good.
   *
   * @param failure why
   */
  record GaveUp(Failure failure) implements Outcome {
    @Override
    public Optional<Failure> problem() {
      return Optional.of(failure);
    }

    @Override
    public Transition after(int attempt, IntFunction<Optional<Duration>> retryDelay) {
      return new Transition.Fail(failure);
    }
  }

  /**
   * Not now.
   *
   * @param delay when to ask again
   */
  record Snoozed(Duration delay) implements Outcome {
    /** Checks the delay. */
    public Snoozed {
      Check.delay(delay);
    }

    @Override
    public Transition after(int attempt, IntFunction<Optional<Duration>> retryDelay) {
      return new Transition.Snooze(delay);
    }
  }

  /**
   * Not before somebody's word.
   *
   * @param signal which, for how long, and what then
   */
  record AwaitsSignal(SignalWait signal) implements Outcome {
    @Override
    public Transition after(int attempt, IntFunction<Optional<Duration>> retryDelay) {
      return new Transition.Await(signal);
    }
  }

  /**
   * The attempt was ended from outside, by no fault of its own: its node stops, or its lease ended.
   *
   * @param recovery what the type wants then
   * @param why the reason, for the history
   */
  record Interrupted(RecoveryPolicy recovery, String why) implements Outcome {
    @Override
    public Transition after(int attempt, IntFunction<Optional<Duration>> retryDelay) {
      return switch (recovery) {
        case RESUME -> new Transition.Release(why);
        case HOLD -> new Transition.Hold(why);
        case FAIL -> new Transition.Fail(Failure.of(Failure.Kind.CRASH, why));
      };
    }
  }
}
