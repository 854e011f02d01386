package dev.holdfast.torture.host;

import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A time by both clocks of the host. On Linux the ticks of all processes since one boot count from
 * the same origin (CLOCK_MONOTONIC), so moments of different processes can be compared.
 *
 * @param ticks nanoseconds of the monotonic clock
 * @param micros microseconds since 1970 of the wall clock, which is the clock of an SQLite store
 */
public record Moment(long ticks, long micros) {

  /** Returns the current moment; the only place where clocks are read. */
  public static Moment now() {
    return new Moment(System.nanoTime(), ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()));
  }

  /** Returns the nanoseconds from an earlier moment until this one. */
  public long nanosSince(Moment earlier) {
    return ticks - earlier.ticks;
  }
}
