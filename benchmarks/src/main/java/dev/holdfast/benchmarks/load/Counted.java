package dev.holdfast.benchmarks.load;

/** Every job must be there. */
public final class Counted {
  private Counted() {}

  /** Jobs a second. @throws IllegalStateException if one of them is missing */
  public static double rate(long jobs, long nanos, long counted) {
    check(jobs, counted);
    return jobs * 1e9 / nanos;
  }

  /** Fails unless both are the same. */
  public static void check(long jobs, long counted) {
    if (counted != jobs) {
      throw new IllegalStateException("%,d jobs, counted %,d".formatted(jobs, counted));
    }
  }
}
