package dev.holdfast.step;

/**
 * Unwinds a handler whose job sleeps or waits in a step. The job runs again, from the start of the
 * handler, when the wait is over; finished steps return their results then.
 *
 * <p>An error, so that no {@code catch (Exception)} takes it for a failure. Do not catch it: the
 * attempt ends as suspended anyway, and every further call of its context throws it again. It has
 * no stack trace.
 */
public final class JobSuspended extends Error {
  private static final long serialVersionUID = 1;

  /**
   * Creates the error.
   *
   * @param reason what the job waits for
   */
  public JobSuspended(String reason) {
    super(reason, null, false, false);
  }
}
