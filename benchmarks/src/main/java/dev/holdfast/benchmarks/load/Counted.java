package dev.holdfast.benchmarks.load;

/** Checks that no job is missing. */
public final class Counted {
  private Counted() {}

  /** Returns the jobs a second. @throws IllegalStateException if one of them is missing */
  public static double rate(long jobs, long nanos, long counted) {
    check(jobs, counted);
    return jobs * 1e9 / nanos;
  }

  /** Fails unless both numbers are equal. */
  public static void check(long jobs, long counted) {
    if (counted != jobs) {
      throw new IllegalStateException("%,d jobs, counted %,d".formatted(jobs, counted));
    }
  }
}
