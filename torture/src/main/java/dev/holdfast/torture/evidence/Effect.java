package dev.holdfast.torture.evidence;

import dev.holdfast.JobId;
import dev.holdfast.torture.host.Moment;

/**
 * One line of a worker's effects log.
 *
 * @param kind what happened
 * @param at its moment
 * @param job the job
 * @param attempt the attempt
 * @param token the fencing token
 * @param what for an end, how the handler ended; for an acknowledgement, the acknowledged
 *     transition
 * @param delayMillis the delay that the handler asked for, else 0
 */
public record Effect(
    Kind kind, Moment at, JobId job, int attempt, long token, String what, long delayMillis) {

  /** The ending of the files. */
  public static final String ENDING = ".effects";

  /** The value of {@link #what} at the end of a handler that completes. */
  public static final String COMPLETES = "completes";

  /** The value of {@link #what} at the end of a handler that obeyed an interruption. */
  public static final String INTERRUPTED = "interrupted";

  /** The kinds of effects. */
  public enum Kind {
    /** A handler begins, before anything else. */
    BEGIN,
    /** A handler is interrupted. */
    TOLD,
    /** A handler is about to complete its job in a transaction of its own. */
    OPEN,
    /** A handler is about to return or throw. */
    END,
    /** An acknowledgement is durable. */
    ACCEPTED,
    /** An acknowledgement was refused, as its lease had ended. */
    STALE
  }

  /** Returns the line. */
  public String line() {
    return "%s %d %d %s %d %d %s %d"
        .formatted(kind, at.ticks(), at.micros(), job, attempt, token, what, delayMillis);
  }

  /** Parses a {@link #line}. */
  public static Effect parse(String line) {
    String[] fields = line.split(" ", -1);
    return new Effect(
        Kind.valueOf(fields[0]),
        new Moment(Long.parseLong(fields[1]), Long.parseLong(fields[2])),
        JobId.parse(fields[3]),
        Integer.parseInt(fields[4]),
        Long.parseLong(fields[5]),
        fields[6],
        Long.parseLong(fields[7]));
  }
}
