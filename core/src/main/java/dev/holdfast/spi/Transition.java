package dev.holdfast.spi;

import dev.holdfast.Failure;
import dev.holdfast.JobState;
import dev.holdfast.SignalWait;
import dev.holdfast.step.StepKind;
import java.time.Duration;
import java.util.Optional;

/** The change that the store must make to a job whose attempt has ended. */
public sealed interface Transition {

  /** The kind of a transition, for looking up its statement. */
  enum Kind {
    /** See {@link Complete}. */
    COMPLETE(JobState.COMPLETED),
    /** See {@link Retry}. */
    RETRY(JobState.SCHEDULED),
    /** See {@link Snooze}. */
    SNOOZE(JobState.SCHEDULED),
    /** See {@link Await}. */
    AWAIT(JobState.BLOCKED),
    /** See {@link Suspend}: until a time. */
    SLEEP(JobState.SCHEDULED),
    /** See {@link Suspend}: until a signal is sent, or jobs have ended. */
    SUSPEND(JobState.BLOCKED),
    /** See {@link Fail}. */
    FAIL(JobState.FAILED),
    /** See {@link Release}. */
    RELEASE(JobState.PENDING),
    /** See {@link Hold}. */
    HOLD(JobState.INTERRUPTED);

    private final JobState to;

    Kind(JobState to) {
      this.to = to;
    }

    /** Returns the resulting state. */
    public JobState to() {
      return to;
    }
  }

  /** Returns the kind of this transition. */
  Kind kind();

  /**
   * The job is done.
   *
   * @param result the return value of the handler as JSON text
   */
  record Complete(Optional<String> result) implements Transition {
    @Override
    public Kind kind() {
      return Kind.COMPLETE;
    }
  }

  /**
   * The attempt failed; there will be another.
   *
   * @param delay the delay before the next attempt
   * @param failure what went wrong
   */
  record Retry(Duration delay, Failure failure) implements Transition {
    @Override
    public Kind kind() {
      return Kind.RETRY;
    }
  }

  /**
   * The handler asks to run again later; the attempt is not charged.
   *
   * @param delay the delay before the next run
   */
  record Snooze(Duration delay) implements Transition {
    @Override
    public Kind kind() {
      return Kind.SNOOZE;
    }
  }

  /**
   * The handler asks to run again after a signal; the attempt is not charged. If the signal was
   * sent before, the job continues at once.
   *
   * @param signal the signal, the timeout and the action after it
   */
  record Await(SignalWait signal) implements Transition {
    @Override
    public Kind kind() {
      return Kind.AWAIT;
    }
  }

  /**
   * A step of the handler suspends the job, which runs again when the wait is over; the attempt is
   * not charged. If there is nothing to wait for any more, the job continues at once.
   *
   * @param step the step, and its wait
   */
  record Suspend(StepWait step) implements Transition {
    @Override
    public Kind kind() {
      return step.kind() == StepKind.SLEEP ? Kind.SLEEP : Kind.SUSPEND;
    }
  }

  /**
   * The job failed for good.
   *
   * @param failure the cause
   */
  record Fail(Failure failure) implements Transition {
    @Override
    public Kind kind() {
      return Kind.FAIL;
    }
  }

  /**
   * The job goes back to its place in the queue; the attempt is not charged.
   *
   * @param why the reason, for the history; empty for a lease that was returned before its handler
   *     started, which the history omits
   */
  record Release(String why) implements Transition {
    @Override
    public Kind kind() {
      return Kind.RELEASE;
    }
  }

  /**
   * The job is set aside for review.
   *
   * @param why the reason, for the history
   */
  record Hold(String why) implements Transition {
    @Override
    public Kind kind() {
      return Kind.HOLD;
    }
  }
}
