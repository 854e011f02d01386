package dev.holdfast;

import java.time.Duration;
import java.util.Optional;

/** What the store must do with a job whose attempt has ended. */
public sealed interface Transition {

  /** The sort of a transition, for looking up its statement. */
  enum Kind {
    /** See {@link Complete}. */
    COMPLETE(JobState.COMPLETED),
    /** See {@link Retry}. */
    RETRY(JobState.SCHEDULED),
    /** See {@link Snooze}. */
    SNOOZE(JobState.SCHEDULED),
    /** See {@link Await}. */
    AWAIT(JobState.BLOCKED),
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

    /** The state that it leads to. */
    public JobState to() {
      return to;
    }
  }

  /** The sort of this transition. */
  Kind kind();

  /**
   * The job is done.
   *
   * @param result what the handler returned, as JSON text
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
   * @param delay not before this long from now
   * @param failure what went wrong
   */
  record Retry(Duration delay, Failure failure) implements Transition {
    @Override
    public Kind kind() {
      return Kind.RETRY;
    }
  }

  /**
   * The handler wants to be asked again later; the attempt is given back.
   *
   * @param delay not before this long from now
   */
  record Snooze(Duration delay) implements Transition {
    @Override
    public Kind kind() {
      return Kind.SNOOZE;
    }
  }

  /**
   * The handler wants to be run again when a signal has come; the attempt is given back. A signal
   * that was sent before lets the job go on at once.
   *
   * @param signal which, for how long, and what then
   */
  record Await(SignalWait signal) implements Transition {
    @Override
    public Kind kind() {
      return Kind.AWAIT;
    }
  }

  /**
   * The job failed for good.
   *
   * @param failure why
   */
  record Fail(Failure failure) implements Transition {
    @Override
    public Kind kind() {
      return Kind.FAIL;
    }
  }

  /**
   * The job goes back to its place in the queue; the attempt is given back.
   *
   * @param why the reason, for the history; empty for a lease that was returned before its handler
   *     started, of which the history does not tell
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
