package dev.holdfast.torture.evidence;

import dev.holdfast.JobId;

/**
 * One row that a handler wrote in the transaction in which it completed its job.
 *
 * @param job its job
 * @param token the fencing token
 */
public record LedgerLine(JobId job, long token) {
  /** The name of the checker's file. */
  public static final String FILE = "ledger.log";

  /** Returns the line. */
  public String line() {
    return job + " " + token;
  }

  /** Parses a {@link #line}. */
  public static LedgerLine parse(String line) {
    String[] fields = line.split(" ", -1);
    return new LedgerLine(JobId.parse(fields[0]), Long.parseLong(fields[1]));
  }
}
