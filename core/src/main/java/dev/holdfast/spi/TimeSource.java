package dev.holdfast.spi;

import java.time.Instant;

/** The only source of time. */
public interface TimeSource {

  /** Returns the wall-clock time, which may be set and may jump. */
  Instant now();

  /** Returns nanoseconds of a monotonic clock with an arbitrary origin. */
  long ticks();

  /**
   * Returns nanoseconds of a clock that continues while the machine is suspended, which the
   * monotonic one may not do; with an arbitrary origin, and coarser. Takes microseconds.
   */
  default long sinceBoot() {
    return ticks();
  }
}
