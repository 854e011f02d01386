package dev.holdfast.torture.evidence;

import dev.holdfast.JobId;
import dev.holdfast.torture.host.Moment;

/**
 * One line of a worker's effects log.
 *
 * @param kind what happened
 * @param at when
 * @param job to which job
 * @param attempt in which attempt
 * @param token under which fencing token
 * @param what at an end, how the handler ended; at an acknowledgement, what it acknowledged
 * @param delayMillis the delay that the handler asked for, else 0
 */
public record Effect(
    Kind kind, Moment at, JobId job, int attempt, long token, String what, long delayMillis) {

  /** The ending of the files. */
  public static final String ENDING = ".effects";

  /** What {@link #what} says at the end of a handler that completes. */
  public static final String COMPLETES = "completes";

  /** What {@link #what} says at the end of a handler that did what it was told. */
  public static final String INTERRUPTED = "interrupted";

  /** What can happen. */
  public enum Kind {
    /** A handler begins; before anything else. */
    BEGIN,
    /** A handler is told to end. */
    TOLD,
    /** A handler is about to return or throw. */
    END,
    /** An acknowledgement is durable. */
    ACCEPTED,
    /** An acknowledgement was refused, as its lease had ended. */
    STALE
  }

  /** The line. */
  public String line() {
    return "%s %d %d %s %d %d %s %d"
        .formatted(kind, at.ticks(), at.micros(), job, attempt, token, what, delayMillis);
  }

  /** Reads a {@link #line}. */
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
