package dev.holdfast.spi;

import java.time.Instant;

/** The only place where time comes from. */
public interface TimeSource {

  /** The wall clock; may be set, may jump. */
  Instant now();

  /** Nanoseconds of a monotonic clock with an arbitrary origin. */
  long ticks();

  /**
   * Nanoseconds of a clock that goes on while the machine is suspended, which the monotonic one may
   * not do; with an arbitrary origin, and coarser. Asking costs microseconds.
   */
  default long sinceBoot() {
    return ticks();
  }
}
