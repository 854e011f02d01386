package dev.holdfast;

import dev.holdfast.check.Limits;
import java.io.PrintWriter;
import java.io.StringWriter;

/**
 * The failure of an attempt or a job.
 *
 * @param kind the kind of failure
 * @param message one line for people; at most {@link Limits#FAILURE_MESSAGE_CHARS_MAX} characters
 *     are kept
 * @param trace the stack trace, or empty when there is none; at most {@link
 *     Limits#FAILURE_TRACE_CHARS_MAX} characters are kept
 */
public record Failure(Kind kind, String message, String trace) {

  /** The kind of a failure. */
  public enum Kind {
    /** The handler threw, or its command ended with an exit code other than 0. */
    ERROR,
    /** The handler said that no retry can help. */
    NOT_RETRYABLE,
    /** It ran longer than its timeout. */
    TIMEOUT,
    /** Its process died while it ran, as often as its limit of crashes allows. */
    CRASH_LOOP,
    /** Its process died while it ran, and its type's recovery policy is to fail then. */
    CRASH,
    /**
     * Its node missed its heartbeats while it ran: as often as its limit of lapses allows, or its
     * type's recovery policy is to fail then.
     */
    LEASE_LOST,
    /** Its payload could not be decoded; the stored payload is untouched. */
    PAYLOAD,
    /** An operator failed it. */
    OPERATOR,
    /** The signal that it waited for did not come in time. */
    SIGNAL
  }

  /** Cuts over-long texts, visibly. */
  public Failure {
    message = Limits.cut(message, Limits.FAILURE_MESSAGE_CHARS_MAX);
    trace = Limits.cut(trace, Limits.FAILURE_TRACE_CHARS_MAX);
  }

  /** A failure without a stack trace. */
  public static Failure of(Kind kind, String message) {
    return new Failure(kind, message, "");
  }

  /** The failure that {@code thrown} stands for, with its stack trace. */
  public static Failure of(Kind kind, Throwable thrown) {
    String name = thrown.getClass().getSimpleName();
    try {
      StringWriter trace = new StringWriter();
      thrown.printStackTrace(new PrintWriter(trace));
      String message = thrown.getMessage();
      return new Failure(kind, message == null ? name : name + ": " + message, trace.toString());
    } catch (RuntimeException | Error unreadable) { // an exception can be user code too
      return of(kind, name + ", whose message cannot be read");
    }
  }
}
