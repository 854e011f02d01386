package dev.holdfast.spi;

import java.time.Instant;

/** The only place where time comes from. */
public interface TimeSource {

  /** The wall clock; may be set, may jump. */
  Instant now();

  /** Nanoseconds of a monotonic clock with an arbitrary origin. */
  long ticks();
}
